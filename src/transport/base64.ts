/**
 * Base64 as gRPC-Web text uses it: several padded pieces may follow each other.
 */

const piecePattern = /^[A-Za-z0-9+/]+={0,2}$/;

/** Decodes padded base64, in one piece or several in a row; undefined for anything else. */
export function decodeBase64Pieces(text: Uint8Array): Uint8Array | undefined {
  const source = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("latin1");
  const bytes = Buffer.allocUnsafe(Math.ceil((source.length * 3) / 4));
  let length = 0;
  for (let at = 0; at < source.length; ) {
    const end = endOfPiece(source, at);
    const piece = source.slice(at, end);
    if (piece.length % 4 !== 0 || !piecePattern.test(piece)) {
      return undefined;
    }
    length += bytes.write(piece, length, "base64");
    at = end;
  }
  return bytes.subarray(0, length);
}

/** A piece ends behind its padding, or with the text. */
function endOfPiece(text: string, start: number): number {
  let end = text.indexOf("=", start);
  if (end === -1) {
    return text.length;
  }
  while (text[end] === "=") {
    end++;
  }
  return end;
}
