/** One message: typed facts in, WeChat's fields out. */
export interface MessageTemplate<Facts> {
  /** Name by which the configuration binds it to WeChat template ids, for example `order-paid`. */
  name: string;
  /** What the customer reads above the card, for lists of ours. */
  title: string;
  /** Fields of the service account's template, by name without `.DATA`. */
  officialAccount(facts: Facts): Record<string, string>;
  /** Fields of the mini-program's template. */
  miniProgram(facts: Facts): Record<string, string>;
  /** Page of the mini-program that the card opens; the same page of the web build. */
  page(facts: Facts): string;
}
