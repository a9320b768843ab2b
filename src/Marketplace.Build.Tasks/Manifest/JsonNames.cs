using Marketplace.Requirements.Model;

namespace Marketplace.Build.Tasks.Manifest;

/// <summary>How the values of the model are written in files.</summary>
internal static class JsonNames
{
    /// <summary>An outcome, for example <c>notChecked</c>.</summary>
    /// <param name="outcome">The outcome.</param>
    public static string Outcome(Outcome outcome) => CamelCase(outcome.ToString());

    /// <summary>A level as projects write it.</summary>
    /// <param name="level">The level.</param>
    public static string Level(RequirementsLevel level) => level == RequirementsLevel.Guide201510 ? "2015-10" : "current";

    /// <summary>Levels as projects write them, separated by semicolons.</summary>
    /// <param name="levels">The levels.</param>
    public static string Levels(IEnumerable<RequirementsLevel> levels) => string.Join(';', levels.Select(Level));

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
