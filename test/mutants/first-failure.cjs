// A Jest reporter that stops at the first failure: one test is enough to kill a mutant. Says what happened in a file.
const { writeFileSync } = require('node:fs');

module.exports = class FirstFailure {
  constructor(_globalConfig, { answer }) {
    this.answer = answer;
  }

  onTestCaseResult(_test, result) {
    if (result.status === 'failed') this.stop({ killer: result.fullName });
  }

  onTestResult(_test, { testExecError, failureMessage }) {
    if (testExecError) this.stop({ broken: `cannot run: ${String(failureMessage).slice(0, 300)}` });
  }

  onRunComplete(_contexts, { numPassedTests }) {
    writeFileSync(this.answer, JSON.stringify(numPassedTests > 0 ? {} : { broken: 'no test ran' }));
  }

  /** Ends the process, which runs nothing but these tests: what is left of them could only say the same again. */
  stop(answer) {
    writeFileSync(this.answer, JSON.stringify(answer));
    process.exit(1);
  }
};
