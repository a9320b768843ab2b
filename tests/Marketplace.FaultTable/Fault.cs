using System.IO.Enumeration;

namespace Marketplace.FaultTable;

/// <summary>One fault of <c>faults.sh</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Expected">What must be found: <c>CODE:Severity</c>.</param>
/// <param name="Allowed">What may be found as well.</param>
/// <param name="Systems">A pattern of the systems it is put on.</param>
/// <param name="WhyNotRepaired">Why nothing inside the machine can mend it; empty when the repair script must.</param>
/// <param name="Together">Whether it can be put on with the others at once.</param>
internal sealed record Fault(string Name, string Title, IReadOnlyList<string> Expected, IReadOnlyList<string> Allowed, string Systems, string WhyNotRepaired, bool Together)
{
    private const string NotRepaired = "no:";

    /// <summary>Parses a line of <c>fault.sh list</c>.</summary>
    public static Fault Parse(string line) => line.Split('\t') is [var name, var title, var expected, var allowed, var systems, var repair, var together]
        ? new Fault(name, title, Words(expected), Words(allowed), systems, repair.StartsWith(NotRepaired, StringComparison.Ordinal) ? repair[NotRepaired.Length..].Trim() : "", together == "yes")
        : throw new FormatException($"'{line}' is not a fault.");

    /// <summary>Whether it is put on a system.</summary>
    public bool IsFor(string system) => FileSystemName.MatchesSimpleExpression(Systems, system);

    /// <summary>What was expected and not found.</summary>
    public IEnumerable<string> Missed(IReadOnlyCollection<string> found) => Expected.Except(found);

    /// <summary>What was found and neither expected nor allowed.</summary>
    public IEnumerable<string> Extra(IReadOnlyCollection<string> found) => found.Except(Expected).Except(Allowed);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
