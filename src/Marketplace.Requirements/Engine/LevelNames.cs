using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>The names of the levels as projects write them.</summary>
internal static class LevelNames
{
    /// <summary>The name of a level.</summary>
    public static string Of(RequirementsLevel level) => level == RequirementsLevel.Guide201510 ? "2015-10" : "current";

    /// <summary>Reads a list of levels separated by semicolons or commas; an empty list means all of them.</summary>
    /// <param name="text">The list as written.</param>
    /// <param name="unknown">The names that are no levels.</param>
    /// <returns>The levels, oldest first; all of them when none is known.</returns>
    public static IReadOnlyList<RequirementsLevel> Parse(string text, out IReadOnlyList<string> unknown)
    {
        SortedSet<RequirementsLevel> levels = [];
        List<string> others = [];
        foreach (string name in text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (name.Equals("2015-10", StringComparison.OrdinalIgnoreCase))
            {
                levels.Add(RequirementsLevel.Guide201510);
            }
            else if (name.Equals("current", StringComparison.OrdinalIgnoreCase))
            {
                levels.Add(RequirementsLevel.Current);
            }
            else
            {
                others.Add(name);
            }
        }

        unknown = others;
        return levels.Count > 0 ? [.. levels] : [RequirementsLevel.Guide201510, RequirementsLevel.Current];
    }
}
