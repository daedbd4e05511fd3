/** The contract as written cannot be composed. Each problem says what is wrong, where, and what to do. */
export class ContractError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.name = 'ContractError';
    this.problems = problems;
  }
}
