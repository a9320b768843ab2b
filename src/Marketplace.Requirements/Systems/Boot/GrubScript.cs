using Marketplace.DiskImages;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>A piece of a word: literal text, or the name of a variable.</summary>
/// <param name="Text">The text, or the name.</param>
/// <param name="IsVariable">Whether it is a variable.</param>
/// <param name="IsQuoted">Whether it stands inside double quotes, so that its value is not split at blanks.</param>
internal readonly record struct GrubPiece(string Text, bool IsVariable, bool IsQuoted);

/// <summary>A word of a command.</summary>
/// <param name="Pieces">Its pieces.</param>
internal sealed record GrubWord(IReadOnlyList<GrubPiece> Pieces)
{
    /// <summary>The text when the word is one unquoted literal, which is how keywords look; otherwise empty.</summary>
    public string Bare => Pieces is [{ IsVariable: false, IsQuoted: false } only] ? only.Text : "";
}

/// <summary>A statement of a GRUB script.</summary>
internal abstract record GrubStatement(int Line);

/// <summary>A command with its words and, for menuentry and submenu, its block.</summary>
internal sealed record GrubCommand(int Line, IReadOnlyList<GrubWord> Words, IReadOnlyList<GrubStatement>? Block) : GrubStatement(Line);

/// <summary>A branch of an if.</summary>
internal sealed record GrubBranch(IReadOnlyList<GrubStatement> Condition, IReadOnlyList<GrubStatement> Body);

/// <summary>An if with its branches in order; an else has an empty condition.</summary>
internal sealed record GrubIf(int Line, IReadOnlyList<GrubBranch> Branches) : GrubStatement(Line);

/// <summary>A for loop: the variable, the words it takes in turn, and what is run for each.</summary>
internal sealed record GrubFor(int Line, string Variable, IReadOnlyList<GrubWord> Words, IReadOnlyList<GrubStatement> Body) : GrubStatement(Line);

/// <summary>Parses the shell-like language of grub.cfg (GRUB manual, Shell-like scripting). Loops with while and until and functions are read over: generated menus do not depend on them.</summary>
internal sealed class GrubScript
{
    /// <summary>Blocks inside blocks; generated files have three.</summary>
    private const int MaxDepth = 32;

    private readonly string _path;
    private readonly List<GrubToken> _tokens;
    private int _position;

    private GrubScript(string path, List<GrubToken> tokens)
    {
        _path = path;
        _tokens = tokens;
    }

    /// <summary>Parses a script.</summary>
    /// <exception cref="DiskFormatException">The script nests too deep.</exception>
    public static IReadOnlyList<GrubStatement> Parse(string path, string text)
    {
        GrubScript script = new(path, GrubToken.Split(text));
        List<GrubStatement> statements = [];
        while (script._position < script._tokens.Count)
        {
            int before = script._position;
            statements.AddRange(script.ParseList(0));

            // A stray closing word is skipped, as a reader that must go on.
            script._position += script._position == before ? 1 : 0;
        }

        return statements;
    }

    private string Keyword => _position < _tokens.Count && _tokens[_position].Word is { } word ? word.Bare : "";

    private bool AtSeparator => _position < _tokens.Count && _tokens[_position].Word is null;

    private List<GrubStatement> ParseList(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new DiskFormatException(DiskFormatErrorKind.Unsupported, _path, -1, "the blocks of the script nest too deep");
        }

        List<GrubStatement> statements = [];
        while (_position < _tokens.Count)
        {
            if (AtSeparator)
            {
                _position++;
            }
            else if (Keyword is "}" or "then" or "elif" or "else" or "fi" or "do" or "done")
            {
                break;
            }
            else
            {
                ParseStatement(statements, depth);
            }
        }

        return statements;
    }

    private void ParseStatement(List<GrubStatement> statements, int depth)
    {
        int line = _tokens[_position].Line;
        switch (Keyword)
        {
            case "if":
                statements.Add(ParseIf(line, depth));
                break;
            case "for":
                statements.Add(ParseFor(line, depth));
                break;
            case "while" or "until":
                _position++;
                SkipTo("do", depth);
                SkipTo("done", depth);
                break;
            case "function":
                SkipCommandToBlock();
                ParseBlock(depth);
                break;
            default:
                statements.Add(ParseCommand(line, depth));
                break;
        }
    }

    private GrubIf ParseIf(int line, int depth)
    {
        List<GrubBranch> branches = [];
        do
        {
            _position++;
            List<GrubStatement> condition = ParseList(depth + 1);
            Accept("then");
            branches.Add(new GrubBranch(condition, ParseList(depth + 1)));
        }
        while (Keyword == "elif");

        if (Keyword == "else")
        {
            _position++;
            branches.Add(new GrubBranch([], ParseList(depth + 1)));
        }

        Accept("fi");
        return new GrubIf(line, branches);
    }

    private GrubFor ParseFor(int line, int depth)
    {
        _position++;
        List<GrubWord> words = [];
        while (_position < _tokens.Count && _tokens[_position].Word is { } word)
        {
            words.Add(word);
            _position++;
        }

        // "for name in a b c"
        string variable = words.Count > 1 && words[1].Bare == "in" ? words[0].Bare : "";
        while (AtSeparator)
        {
            _position++;
        }

        Accept("do");
        List<GrubStatement> body = ParseList(depth + 1);
        Accept("done");
        return new GrubFor(line, variable, variable.Length > 0 ? words[2..] : [], body);
    }

    private GrubCommand ParseCommand(int line, int depth)
    {
        List<GrubWord> words = [];
        while (_position < _tokens.Count && _tokens[_position].Word is { } word)
        {
            if (word.Bare == "{" && words.Count > 0)
            {
                return new GrubCommand(line, words, ParseBlock(depth));
            }

            // "menuentry x { linux y }" on one line ends with the brace.
            if (word.Bare == "}" && words.Count > 0)
            {
                break;
            }

            words.Add(word);
            _position++;
        }

        return new GrubCommand(line, words, null);
    }

    private List<GrubStatement> ParseBlock(int depth)
    {
        Accept("{");
        List<GrubStatement> block = ParseList(depth + 1);
        Accept("}");
        return block;
    }

    private void SkipCommandToBlock()
    {
        while (_position < _tokens.Count && Keyword != "{")
        {
            _position++;
        }
    }

    private void SkipTo(string keyword, int depth)
    {
        while (_position < _tokens.Count && Keyword != keyword)
        {
            int before = _position;
            ParseList(depth + 1);
            if (Keyword == keyword)
            {
                break;
            }

            _position += _position == before ? 1 : 0;
        }

        Accept(keyword);
    }

    private void Accept(string keyword)
    {
        if (Keyword == keyword)
        {
            _position++;
        }
    }
}
