/** QR codes of `otpauth://` URIs: an image for pages, characters for terminals. Both contain the secret. @module */

export interface QrCode {
  /** `data:image/svg+xml;base64,…` */
  readonly dataUri: string;
  /** Two rows a line, in half blocks; for light characters on dark ground, as most terminals have. */
  readonly text: string;
}

/** Readers need four modules of quiet around the code (ISO/IEC 18004). */
const border = 4;

export async function drawQrCode(content: string): Promise<QrCode> {
  // Loaded by the first who enrols.
  const { renderSVG, renderUnicodeCompact } = await import('uqr');
  const svg = renderSVG(content, { border, pixelSize: 1 });
  return {
    dataUri: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    text: renderUnicodeCompact(content, { border: 2 }),
  };
}
