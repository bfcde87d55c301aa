"""What a person may type that Markdown reads as something else, and a page that shows it in every way in which the screens do."""

TEXTS = (
    ":smile: :+1: :-1: :100: x:heart:y",
    ":material/home: :material/ :material_home: :streamlit:",
    ":red[x] :blue-background[y] :red-badge[z] :small[s] :shimmer[q] :help[h] :color[c]{foreground='red'} :name{a=b}",
    "::leaf[a]{b} ::leaf :::box",
    "[a](http://x.y) [b][c] [d] ![e](http://x.y/f.png) [^1] [ ] [x]",
    "http://x.y https://x.y/z?a=b HTTP://X.Y ftp://x.y www.x.y WWW.x.y (www.x.y) mailto:a@b.cd xmpp:a@b.cd a@b.cd a.b+c@d-e.fg",
    "<http://x.y> <a@b.cd> <b>bold</b> <script>alert(1)</script> <img src=x onerror=alert(1)> <!-- c -->",
    "$x$ $$y$$ \\(z\\) costs $5 and $6",
    "*a* **b** _c_ __d__ ~e~ ~~f~~ `g` ``h``",
    "a -> b <- c <-> d -- e >= f <= g ~= h --- i",
    "-> a",
    "@-> a",
    "&lt; &amp; &#65; &nbsp; a & b",
    "\\* \\: \\\\ a\\",
    "1. a",
    "2) a",
    "- a",
    "-",
    "--",
    "---",
    "+ a",
    "* a",
    "# a",
    "> a",
    "| a | b |",
    "===",
    "```",
    "~~~",
    "***",
    "___",
    "[a]: http://x.y",
    "[^1]: a",
    "12:30 12:30:45 C3D1: 时间:访视 第1:2",
    "\"a\" 'b' (c) ... {d} ^e^ ==f== !g",
    "MH01: 白细胞 < 3.5 × 10^9/L @ day 8 #2",
)
"""One line each."""

LINES = ("a\n===", "a\n---", "a\n- b\n1. c", "a | b\n--- | ---\nc | d", "a\n:-", "    a", "a\n\n\tb = c")
"""Several lines, or spaces before the first."""

if __name__ == "__main__":
    import streamlit as st

    from planner.ui.words import unformatted

    for text in TEXTS + LINES:
        shown = unformatted(text)
        st.markdown(shown)
        st.error(shown)
        st.warning(shown)
        st.caption(shown)
        st.title(shown, anchor=False)
        st.markdown(f"* {shown}")
        st.markdown(f"**{unformatted('a')}**: {shown}")
        st.text_input(shown, key=text)
