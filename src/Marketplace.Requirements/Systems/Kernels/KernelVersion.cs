using System.Globalization;
using System.Text.RegularExpressions;

namespace Marketplace.Requirements.Systems.Kernels;

/// <summary>The numbers of a kernel release.</summary>
/// <param name="Upstream">Version of kernel.org, as far as the release tells it.</param>
/// <param name="Build">The number after the first hyphen, the build of a distribution; 0 when there is none.</param>
/// <param name="IsRedHat">Whether it is of RHEL or a system made from it, whose kernels have fixes of later versions.</param>
internal sealed partial record KernelVersion(Version Upstream, int Build, bool IsRedHat)
{
    /// <summary>Parses a release such as <c>2.6.32-504.el6.x86_64</c>; null when it does not start with a version.</summary>
    public static KernelVersion? Parse(string release)
    {
        Match match = Numbers().Match(release);
        if (!match.Success)
        {
            return null;
        }

        Version upstream = new(Number(match, 1), Number(match, 2), Number(match, 3));
        return new KernelVersion(upstream, Number(match, 4), RedHat().IsMatch(release));
    }

    private static int Number(Match match, int group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6}))?(?:[^-]*-([0-9]{1,6}))?", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\.el[5-9]|\.el[0-9]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex RedHat();
}
