using System.Text;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>A word of a GRUB script, or the end of a command (a line end or a semicolon).</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Word">The word; null for the end of a command.</param>
internal readonly record struct GrubToken(int Line, GrubWord? Word)
{
    private const int MaxVariableLength = 1024;

    /// <summary>Splits a script.</summary>
    public static List<GrubToken> Split(string text)
    {
        List<GrubToken> tokens = [];
        int line = 1;
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i];
            if (c is '\n' or ';')
            {
                tokens.Add(new GrubToken(line, null));
                line += c == '\n' ? 1 : 0;
                i++;
            }
            else if (c is ' ' or '\t' or '\r')
            {
                i++;
            }
            else if (c == '\\' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                line++;
                i += 2;
            }
            else if (c == '#')
            {
                int end = text.IndexOf('\n', i);
                i = end < 0 ? text.Length : end;
            }
            else
            {
                int start = line;
                tokens.Add(new GrubToken(start, ReadWord(text, ref i, ref line)));
            }
        }

        return tokens;
    }

    private static GrubWord ReadWord(string text, ref int i, ref int line)
    {
        List<GrubPiece> pieces = [];
        StringBuilder literal = new();
        bool quotedLiteral = false;
        bool inQuotes = false;
        while (i < text.Length)
        {
            char c = text[i];
            if (!inQuotes && c is ' ' or '\t' or '\r' or '\n' or ';')
            {
                break;
            }

            line += c == '\n' ? 1 : 0;
            i++;
            switch (c)
            {
                case '"':
                    inQuotes = !inQuotes;
                    quotedLiteral = true;
                    break;
                case '\'' when !inQuotes:
                    int close = text.IndexOf('\'', i);
                    close = close < 0 ? text.Length : close;
                    literal.Append(text, i, close - i);
                    line += text.AsSpan(i, close - i).Count('\n');
                    quotedLiteral = true;
                    i = Math.Min(text.Length, close + 1);
                    break;
                case '\\' when i < text.Length:
                    // Inside double quotes only $, " and \ are escaped.
                    if (inQuotes && text[i] is not ('$' or '"' or '\\' or '\n'))
                    {
                        literal.Append('\\');
                    }

                    line += text[i] == '\n' ? 1 : 0;
                    literal.Append(text[i] == '\n' ? "" : text[i].ToString());
                    quotedLiteral = true;
                    i++;
                    break;
                case '$' when ReadVariable(text, ref i) is { } name:
                    Flush();
                    pieces.Add(new GrubPiece(name, IsVariable: true, inQuotes));
                    break;
                default:
                    literal.Append(c);
                    break;
            }
        }

        Flush();
        if (pieces.Count == 0 || (quotedLiteral && pieces.All(piece => piece.IsVariable)))
        {
            // An empty pair of quotes is an empty word, not none.
            pieces.Add(new GrubPiece("", IsVariable: false, IsQuoted: true));
        }

        return new GrubWord(pieces);

        void Flush()
        {
            if (literal.Length > 0)
            {
                pieces.Add(new GrubPiece(literal.ToString(), IsVariable: false, quotedLiteral));
                literal.Clear();
                quotedLiteral = false;
            }
        }
    }

    private static string? ReadVariable(string text, ref int i)
    {
        if (i >= text.Length)
        {
            return null;
        }

        if (text[i] == '{')
        {
            // Looking no further than a name can reach keeps a text of open braces from being read again for each of them.
            int length = text.AsSpan(i, Math.Min(MaxVariableLength, text.Length - i)).IndexOfAny('}', '\n');
            if (length < 0 || text[i + length] == '\n')
            {
                return null;
            }

            string name = text.Substring(i + 1, length - 1);
            i += length + 1;
            return name;
        }

        int start = i;
        if (text[i] is '?' or '#' or '*' or '@')
        {
            i++;
        }
        else
        {
            while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_'))
            {
                i++;
            }
        }

        return i == start ? null : text[start..i];
    }
}
