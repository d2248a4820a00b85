/**
 * A text as it is compared, searched and ordered: canonically composed (Unicode Standard Annex #15, form C) and without
 * case. The capital sigma has two small forms, chosen by what stands around it; they are made one, so that a part of a
 * text folds to a part of the folded text.
 */
export function foldText(text: string): string {
  return text.normalize("NFC").toLowerCase().replaceAll("ς", "σ").normalize("NFC");
}
