/** Electronic fapiao: how they end, and the choices where WeChat's own behaviour is not confirmed. */
export interface FapiaoSettings {
  /** The merchant has the product. */
  fapiaoOpened: boolean;
  /** Digital ones have twenty digits and no code, and a reason from a list when they are reversed (partner documentation 4015792575). */
  fapiaoKind: 'digital' | 'blockchain';
  /** How issuing ends, after so many virtual milliseconds; `held`: when a lever says so. */
  fapiaoOutcome: 'ISSUED' | 'FAILED' | 'held';
  fapiaoReverseOutcome: 'REVERSED' | 'FAILED' | 'held';
  fapiaoDelayMs: number;
  /** Cards arrive in the payer's card pack after the same time; `held`: when a lever says so. */
  fapiaoCards: 'INSERTED' | 'held';
  /** Unconfirmed: what is queried of one that failed: a status of its own, or the one before together with the error. */
  fapiaoFailureStatus: 'own' | 'before';
  /** Unconfirmed: the answer to the same fapiao again, with the same content. */
  repeatedFapiao: 'INVALID_REQUEST' | 'accepted';
  /** Unconfirmed: the answer to reversing again what is being reversed or is reversed. */
  repeatedReverse: 'INVALID_REQUEST' | 'accepted';
  /** Unconfirmed: all fapiao of a payment together may not be worth more than it. */
  fapiaoWithinPayment: boolean;
  /** Unconfirmed: the rows of a fapiao must add up to it. */
  fapiaoRowsAddUp: boolean;
  /** Unconfirmed: the status of an accepted card insertion; the documentation says 202, typings of merchants 204. */
  fapiaoInsertStatus: 202 | 204;
  /** Unconfirmed: what the options of a merchant who never set any are. */
  fapiaoOptionsAbsence: 'empty' | 'RESOURCE_NOT_EXISTS';
}

export const FAPIAO_CHOICES: { [Key in keyof FapiaoSettings]?: readonly FapiaoSettings[Key][] } = {
  fapiaoKind: ['digital', 'blockchain'],
  fapiaoOutcome: ['ISSUED', 'FAILED', 'held'],
  fapiaoReverseOutcome: ['REVERSED', 'FAILED', 'held'],
  fapiaoCards: ['INSERTED', 'held'],
  fapiaoFailureStatus: ['own', 'before'],
  repeatedFapiao: ['INVALID_REQUEST', 'accepted'],
  repeatedReverse: ['INVALID_REQUEST', 'accepted'],
  fapiaoInsertStatus: [202, 204],
  fapiaoOptionsAbsence: ['empty', 'RESOURCE_NOT_EXISTS'],
};

export const defaultFapiaoSettings = (): FapiaoSettings => ({
  fapiaoOpened: true,
  fapiaoKind: 'digital',
  fapiaoOutcome: 'ISSUED',
  fapiaoReverseOutcome: 'REVERSED',
  fapiaoDelayMs: 5000,
  fapiaoCards: 'INSERTED',
  fapiaoFailureStatus: 'own',
  repeatedFapiao: 'INVALID_REQUEST',
  repeatedReverse: 'INVALID_REQUEST',
  fapiaoWithinPayment: true,
  fapiaoRowsAddUp: true,
  fapiaoInsertStatus: 202,
  fapiaoOptionsAbsence: 'empty',
});
