// What the API says went wrong, as one typed value: a problem document (RFC 9457), or that nothing answered.

import type { components } from './schema.ts';

/** A problem document; some codes bring further members, read by name. */
export type Problem = components['schemas']['Problem'] & Readonly<Record<string, unknown>>;

/** A problem of a definition, with its place. */
export type DefinitionProblem = components['schemas']['ProblemView'];

/** A request that did not do what it was for. */
export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    /** The version that is the newest, where this one was overtaken. */
    readonly etag: string | null = null,
  ) {
    super(problem.detail);
    this.name = 'ApiError';
  }

  /** The stable word for it. */
  get code(): string {
    return this.problem.code;
  }

  /** The field that it is about, where it is about one. */
  get field(): string | undefined {
    const { field } = this.problem;
    return typeof field === 'string' ? field : undefined;
  }

  /** What is wrong with a field, where that is what was refused; without its name, which stands above it. */
  at(field: string): string | undefined {
    if (this.field !== field) return undefined;
    const prefix = `\`${field}\`: `;
    const { detail } = this.problem;
    return detail.startsWith(prefix) ? detail.slice(prefix.length) : detail;
  }

  /** The problems of the definition, where that is what was refused. */
  get definitionProblems(): readonly DefinitionProblem[] {
    const { problems } = this.problem;
    return Array.isArray(problems) ? (problems as DefinitionProblem[]) : [];
  }
}

/** Nothing answered: the server is down, or the network is. */
export function unreachable(): ApiError {
  return new ApiError({
    type: 'about:blank',
    title: 'No answer',
    status: 0,
    detail: 'Stepgate did not answer. Nothing was changed.',
    code: 'unreachable',
    whose_fault: 'stepgate',
    retry: 'later',
    help: 'See whether the server runs and this machine is online, then try again.',
  });
}

/** What an answer that is no success says; one that is no problem document is told by its status. */
export async function problemOf(response: Response): Promise<ApiError> {
  const etag = response.headers.get('etag');
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (isProblem === true) return new ApiError((await response.json()) as Problem, etag);
  return new ApiError({
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: `Something between this page and Stepgate answered ${response.status}.`,
    code: 'no_problem_document',
    whose_fault: 'stepgate',
    retry: 'later',
  });
}
