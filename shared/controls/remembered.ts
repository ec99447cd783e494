/** Functions that work each answer out once: whole estates ask the same of the same sets again and again. */

/** The function, remembering its answers for as long as it lives itself: for a text, or for the very object it is given. */
export function remembered<A extends object | string, R>(work: (a: A) => R): (a: A) => R {
  const answers = new Map<A, R>();
  return (a) => {
    const known = answers.get(a);
    if (known !== undefined) return known;
    const answer = work(a);
    answers.set(a, answer);
    return answer;
  };
}

/** The same for a function of two. */
export function rememberedPair<A extends object, B extends object, R>(work: (a: A, b: B) => R): (a: A, b: B) => R {
  const workWith = remembered((a: A) => remembered((b: B) => work(a, b)));
  return (a, b) => workWith(a)(b);
}
