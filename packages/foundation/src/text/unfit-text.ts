/** A text that its kind refuses; the message is a sentence for people. */
export class UnfitText extends Error {}
