// The few elements of the page, made with text and never with markup.

export function make<Name extends keyof HTMLElementTagNameMap>(name: Name, text = ""): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

export function button(text: string, act: () => void | Promise<void>): HTMLButtonElement {
  const made = make("button", text);
  made.type = "button";
  made.addEventListener("click", () => void act());
  return made;
}

export function show(...elements: HTMLElement[]): void {
  document.querySelector("#page")?.replaceChildren(...elements);
}

export function tell(...words: (HTMLElement | string)[]): void {
  document.querySelector("#status")?.replaceChildren(...words);
}
