using System.Buffers;
using System.Globalization;
using System.Text;

namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>
/// Parses the text that describes a volume group, the grammar of lvm.conf(5): <c>name { … }</c>, <c>key = value</c>, where a value
/// is a number, a text in quotes, or a list in brackets. A <c>#</c> outside quotes begins a comment.
/// </summary>
internal ref struct LvmTextParser
{
    private static readonly SearchValues<byte> EndOfWord = SearchValues.Create(" \t\r\n\v\f={}[],#\"'"u8);
    private static readonly SearchValues<char> Digits = SearchValues.Create("+-0123456789");

    private readonly ReadOnlySpan<byte> _text;
    private int _position;
    private int _nodes;

    private LvmTextParser(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>The whole text as one section.</summary>
    /// <param name="text">The bytes; what follows a zero byte is no part of the text.</param>
    /// <exception cref="DiskFormatException">The text breaks the grammar or is larger than the limits.</exception>
    public static LvmSection Parse(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        LvmTextParser parser = new(end < 0 ? text : text[..end]);
        LvmSection root = new(null, "");
        while (parser.SkipBlanks())
        {
            parser.ParseEntry(root, 1);
        }

        return root;
    }

    /// <summary>A section or an assignment.</summary>
    private void ParseEntry(LvmSection parent, int depth)
    {
        int start = _position;
        string name = ParseWord();
        if (!SkipBlanks())
        {
            throw Corrupt(start, $"{name} is followed by nothing");
        }

        object value;
        if (_text[_position] == '{')
        {
            _position++;
            value = ParseSection(new LvmSection(parent, name), depth);
        }
        else if (_text[_position] == '=')
        {
            _position++;
            value = ParseValue();
        }
        else
        {
            throw Corrupt(_position, $"{name} is followed by neither = nor {{");
        }

        CountNode();
        if (!parent.Add(name, value))
        {
            throw Corrupt(start, $"{name} is there twice");
        }
    }

    private LvmSection ParseSection(LvmSection section, int depth)
    {
        if (depth > LvmFormat.MaxDepth)
        {
            throw DiskFormatException.Unsupported(LvmSection.Structure, _position, $"sections in sections, more than {LvmFormat.MaxDepth} deep");
        }

        while (true)
        {
            if (!SkipBlanks())
            {
                throw Corrupt(_position, $"the section {section.Path} does not end");
            }

            if (_text[_position] == '}')
            {
                _position++;
                return section;
            }

            ParseEntry(section, depth + 1);
        }
    }

    private object ParseValue()
    {
        if (!SkipBlanks())
        {
            throw Corrupt(_position, "there is no value");
        }

        if (_text[_position] != '[')
        {
            return ParseScalar();
        }

        _position++;
        List<object> list = [];
        while (SkipBlanks())
        {
            if (_text[_position] == ']')
            {
                _position++;
                return list;
            }

            // The tools take a comma too many without a word.
            if (_text[_position] == ',')
            {
                _position++;
                continue;
            }

            list.Add(ParseScalar());
            CountNode();
        }

        throw Corrupt(_position, "a list does not end");
    }

    private object ParseScalar()
    {
        if (_text[_position] is (byte)'"' or (byte)'\'')
        {
            return ParseQuoted(_text[_position]);
        }

        int start = _position;
        string word = ParseWord();
        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number
            : word.AsSpan().ContainsAnyExcept(Digits) ? word
            : throw Corrupt(start, $"the number {word} is too large");
    }

    /// <summary>A text in double quotes, where a backslash makes the next quote or backslash an ordinary character, or in single quotes, where it does not.</summary>
    private string ParseQuoted(byte quote)
    {
        int start = _position++;
        StringBuilder? unescaped = null;
        int from = _position;
        for (; _position < _text.Length; _position++)
        {
            byte b = _text[_position];
            if (b == quote)
            {
                string tail = Encoding.Latin1.GetString(_text[from.._position++]);
                return unescaped is null ? tail : unescaped.Append(tail).ToString();
            }

            if (b == '\\' && quote == '"' && _position + 1 < _text.Length && _text[_position + 1] is (byte)'"' or (byte)'\\')
            {
                unescaped ??= new StringBuilder();
                unescaped.Append(Encoding.Latin1.GetString(_text[from.._position]));
                from = ++_position;
            }
        }

        throw Corrupt(start, "a text in quotes does not end");
    }

    /// <summary>A name, a number or a bare word: what ends before a blank or a character with a meaning of its own.</summary>
    private string ParseWord()
    {
        int start = _position;
        int length = _text[start..].IndexOfAny(EndOfWord);
        _position = length < 0 ? _text.Length : start + length;
        ReadOnlySpan<byte> word = _text[start.._position];
        return word.IsEmpty || word.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? throw Corrupt(start, "there is a character out of place")
            : word.Length > LvmFormat.MaxNameLength ? throw Corrupt(start, $"a word of {word.Length} characters")
            : Encoding.Latin1.GetString(word);
    }

    /// <summary>Passes over blanks and comments; false at the end of the text.</summary>
    private bool SkipBlanks()
    {
        while (_position < _text.Length)
        {
            if (_text[_position] == '#')
            {
                int end = _text[_position..].IndexOf((byte)'\n');
                _position = end < 0 ? _text.Length : _position + end;
            }
            else if (_text[_position] is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r'))
            {
                _position++;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private void CountNode()
    {
        if (++_nodes > LvmFormat.MaxNodes)
        {
            throw DiskFormatException.Unsupported(LvmSection.Structure, _position, $"more than {LvmFormat.MaxNodes} values");
        }
    }

    private static DiskFormatException Corrupt(int position, string detail) => DiskFormatException.Corrupt(LvmSection.Structure, position, detail);
}
