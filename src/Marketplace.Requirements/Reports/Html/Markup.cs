using System.Globalization;
using System.Text;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>Builds markup. Every text goes through <see cref="Escape"/>: words from a disk may be made to be markup.</summary>
internal sealed class Markup
{
    private readonly StringBuilder _html = new();

    /// <summary>Markup written in this program.</summary>
    public Markup Raw(string markup)
    {
        _html.Append(markup);
        return this;
    }

    /// <summary>Text, escaped.</summary>
    public Markup Text(string text)
    {
        _html.Append(Escape(text));
        return this;
    }

    /// <summary>An element with text in it, escaped.</summary>
    public Markup Element(string name, string attributes, string text) =>
        Raw(attributes.Length > 0 ? $"<{name} {attributes}>" : $"<{name}>").Text(text).Raw($"</{name}>");

    /// <summary>A term of a list and its text; nothing when there is no text.</summary>
    public Markup Term(string term, string text) => text.Length == 0 ? this : Raw("<div>").Element("dt", "", term).Element("dd", "", text).Raw("</div>\n");

    /// <inheritdoc />
    public override string ToString() => _html.ToString();

    /// <summary>A text that is a text in HTML, in content and in quoted attributes alike; what cannot be seen is made visible.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                escaped.Append(c).Append(text[++i]);
                continue;
            }

            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\n' => escaped.Append('\n'),
                _ when char.IsSurrogate(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format =>
                    escaped.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>A number in words that fit it: <c>1 error</c>, <c>2 errors</c>.</summary>
    public static string Count(int number, string one) => string.Create(CultureInfo.InvariantCulture, $"{number} {one}{(number == 1 ? "" : "s")}");
}
