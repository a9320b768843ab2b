using System.Text;

namespace Marketplace.Requirements.Systems;

/// <summary>A line of a text with its number.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without its line end.</param>
internal readonly record struct TextLine(int Number, string Text);

/// <summary>Splits texts into numbered lines.</summary>
internal static class TextLines
{
    /// <summary>The lines of a text; a final line end does not start another line.</summary>
    public static IEnumerable<TextLine> Of(string text)
    {
        int number = 1;
        int start = 0;
        while (start < text.Length)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            yield return new TextLine(number++, text[start..end].TrimEnd('\r'));
            start = end + 1;
        }
    }

    /// <summary>The lines of a text, those that end with a backslash joined to the next; the number is that of the first. A comment is not joined.</summary>
    public static IEnumerable<TextLine> Joined(string text)
    {
        StringBuilder joined = new();
        int first = 0;
        bool isComment = false;
        foreach (TextLine line in Of(text))
        {
            isComment = joined.Length == 0 ? line.Text.AsSpan().TrimStart().StartsWith('#') : isComment;
            first = joined.Length == 0 ? line.Number : first;
            joined.Append(line.Text);
            if (line.Text.EndsWith('\\') && !isComment)
            {
                joined[^1] = ' ';
                continue;
            }

            yield return new TextLine(first, joined.ToString());
            joined.Clear();
        }

        if (joined.Length > 0)
        {
            yield return new TextLine(first, joined.ToString());
        }
    }
}
