// What the page uses of the libraries in wwwroot/page/vendor.
declare module "preact" {
  export const h: (type: unknown, props: object | null, ...children: unknown[]) => unknown;
  export const render: (node: unknown, parent: Element | null) => void;
  export class Component {
    constructor(props: any);
    props: any;
    state: any;
    base: HTMLElement;
    setState(changes: object): void;
  }
}

declare module "htm" {
  const htm: { bind(create: unknown): (strings: TemplateStringsArray, ...values: unknown[]) => unknown };
  export default htm;
}
