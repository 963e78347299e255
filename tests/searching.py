"""The site's search as a reader meets it: type into its box, read the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

# Each key asks the worker anew, and a slow machine shows what half a word found before what the word found. So count
# what was asked and not yet answered. 2 and 3 are the kinds of a question and of its answer in Material.
COUNT = """() => {
  if (window.unanswered !== undefined) return
  window.unanswered = 0
  const heard = new WeakSet(), post = Worker.prototype.postMessage
  Worker.prototype.postMessage = function (message, ...rest) {
    if (!heard.has(this)) {
      heard.add(this)
      this.addEventListener("message", ({ data }) => { if (data.type === 3) window.unanswered -= 1 })
    }
    if (message.type === 2) window.unanswered += 1
    return post.call(this, message, ...rest)
  }
}"""
# A result is a page; under it stands, in full, the section that fits best. What is folded away below is not seen.
LIST = """() => [...document.querySelectorAll(".md-search-result__item")].map((item) =>
  [...item.querySelectorAll(":scope > .md-search-result__link")].map((link) => link.href))"""


def results(page: Any, words: str) -> list[list[str]]:
    """Type words into the search box, which may hold others; return the results in order, each as its links shown."""
    page.wait_for_function("!document.querySelector('.md-search-result__meta').textContent.includes('Initializing')")
    page.evaluate(COUNT)
    box = page.locator(".md-search__input")
    if not box.evaluate("box => box === document.activeElement"):
        page.keyboard.press("/")
    box.fill("")
    page.keyboard.type(words)
    page.wait_for_function("words => document.querySelector('.md-search__input').value === words", arg=words)
    page.wait_for_function("window.unanswered === 0")
    page.wait_for_timeout(100)  # the list is drawn in the same turn; this is for the eye of the browser
    found: list[list[str]] = page.evaluate(LIST)
    return found


def leads_to(site: Path, link: str, anchors: set[str]) -> bool:
    """Say whether a link leads to one of these sections of `site`, or to a case or an answer that is decided by one."""
    parts = urlsplit(link)
    if not parts.fragment or parts.fragment in anchors:
        return parts.fragment in anchors
    html = (site / parts.path.lstrip("/") / "index.html").read_text()
    section = BeautifulSoup(html, "html.parser").find(id=parts.fragment)
    assert section is not None, f"{link} leads nowhere"
    if case := section.find_parent(class_="gb-case"):
        return str(case["data-clause"]).lower().replace(".", "-") in anchors
    answer = section.find_next("p") if "/faqs/" in parts.path else None
    links = answer.find_all("a", href=True) if answer else []
    return any(urlsplit(str(one["href"])).fragment in anchors for one in links)
