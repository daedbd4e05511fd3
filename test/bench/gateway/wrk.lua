-- wrk's part of the gateway benchmark. Arguments: mode, file of the request's body, requests per mark.
-- Each mark is a line with the number of requests sent so far, written when it is reached: the parent takes the time and looks at the
-- processor time of the gateway at that moment.

local sent, every, parts = 0, 50, nil

function init(args)
  local file = assert(io.open(args[2], "rb"))
  wrk.method = "POST"
  wrk.body = file:read("*a")
  file:close()
  wrk.headers["content-type"] = "application/json"
  wrk.headers["authorization"] = "Bearer caller-00000000"
  every = tonumber(args[3])
  io.stdout:setvbuf("line")
  local whole = wrk.format()
  if args[1] == "unique" then
    local from, to = string.find(whole, "caller-00000000", 1, true)
    parts = { string.sub(whole, 1, from - 1), string.sub(whole, to + 1) }
  else
    parts = { whole }
  end
end

function request()
  sent = sent + 1
  if sent % every == 0 then io.write("mark ", sent, "\n") end
  if parts[2] == nil then return parts[1] end
  return parts[1] .. string.format("caller-%08d", sent) .. parts[2]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"durationMs":%.3f,"p50Ms":%.3f,"p99Ms":%.3f,"failures":%d}\n',
    summary.requests, summary.duration / 1000, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
