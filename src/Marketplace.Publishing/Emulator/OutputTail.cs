namespace Marketplace.Publishing.Emulator;

/// <summary>The last lines a child printed: what tells why it failed, without keeping all of it.</summary>
internal sealed class OutputTail
{
    private const int MaximumLines = 12;
    private const int MaximumLineLength = 300;

    private readonly Queue<string> _lines = new();

    /// <summary>Keeps a line.</summary>
    /// <param name="line">The line; null at the end of the output.</param>
    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line.Length > MaximumLineLength ? line[..MaximumLineLength] : line);
            if (_lines.Count > MaximumLines)
            {
                _lines.Dequeue();
            }
        }
    }

    /// <summary>The kept lines, joined to one.</summary>
    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join(" | ", _lines);
        }
    }
}
