/** An SVG as the address of a picture: mini-programs have no inline SVG, and a picture runs no script. */
export const pictureOf = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`;
