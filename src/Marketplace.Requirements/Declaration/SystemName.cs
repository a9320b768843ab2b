using System.Globalization;
using System.Text.RegularExpressions;

namespace Marketplace.Requirements.Declaration;

/// <summary>A distribution that a description of an operating system names, with the version it says.</summary>
/// <param name="Id">The ID of os-release(5).</param>
/// <param name="Words">The words found.</param>
/// <param name="Version">The version by numbers, most significant first; empty when none is named.</param>
internal sealed partial record SystemName(string Id, string Words, IReadOnlyList<int> Version)
{
    // Names of distributions, not of their makers: "Oracle" or "Red Hat" may well name what runs on another system.
    private static readonly (string Id, Regex Words)[] Known =
    [
        ("ubuntu", Ubuntu()), ("debian", Debian()), ("rhel", RedHat()), ("centos", CentOS()), ("almalinux", Alma()), ("rocky", Rocky()),
        ("ol", Oracle()), ("sles", Sles()), ("opensuse", OpenSuse()), ("fedora", Fedora()), ("azurelinux", AzureLinux()), ("flatcar", Flatcar()), ("windows", Windows()),
    ];

    // Code names count only beside the name of their distribution: "noble" and "focal" are words of other things too.
    private static readonly (string Id, string Name, int[] Version)[] CodeNames =
    [
        ("debian", "buster", [10]), ("debian", "bullseye", [11]), ("debian", "bookworm", [12]), ("debian", "trixie", [13]),
        ("ubuntu", "xenial", [16, 4]), ("ubuntu", "bionic", [18, 4]), ("ubuntu", "focal", [20, 4]), ("ubuntu", "jammy", [22, 4]), ("ubuntu", "noble", [24, 4]),
    ];

    /// <summary>The distributions a description names, in the order of the list.</summary>
    public static IReadOnlyList<SystemName> Find(string description)
    {
        List<SystemName> found = [];
        foreach ((string id, Regex words) in Known)
        {
            if (words.Match(description) is { Success: true } match)
            {
                int[] version = [.. match.Groups["version"].Value.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
                if (version.Length == 0)
                {
                    version = CodeNames.FirstOrDefault(code => code.Id == id && description.Contains(code.Name, StringComparison.OrdinalIgnoreCase)).Version ?? [];
                }

                found.Add(new SystemName(id, match.Value.Trim(), version));
            }
        }

        return found;
    }

    /// <summary>Whether os-release calls the distribution by this name; one without a known name may be called by what it is made of.</summary>
    /// <param name="id">ID.</param>
    /// <param name="like">ID_LIKE.</param>
    public bool Fits(string id, IEnumerable<string> like) => IsName(id) || (!IsKnown(id) && like.Any(IsName));

    /// <summary>Whether the system of this ID is one of those whose names are known.</summary>
    public static bool IsKnown(string id) => Known.Any(known => new SystemName(known.Id, "", []).IsName(id));

    /// <summary>Whether VERSION_ID contradicts the version that is named. Minor numbers grow by updates, except where they name a release of their own.</summary>
    public bool Contradicts(string id, string versionId)
    {
        if (!IsName(id) || Version.Count == 0 || !VersionForm().IsMatch(versionId))
        {
            return false;
        }

        int[] actual = [.. versionId.Split('.').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        int significant = Id is "ubuntu" ? 2 : 1;
        return Version.Zip(actual).Take(significant).Any(pair => pair.First != pair.Second);
    }

    private bool IsName(string id) => Id switch
    {
        "sles" => id.StartsWith("sle", StringComparison.Ordinal),
        "opensuse" => id.StartsWith("opensuse", StringComparison.Ordinal),
        "azurelinux" => id is "azurelinux" or "mariner",
        _ => id == Id,
    };

    // Between name and number stand words of the edition only; "64-bit" is no version.
    private const string Number = @"(?:[\s:_-]+(?:GNU/Linux|Linux|Server|Pro|LTS|Stream|Enterprise|for SAP(?: Applications)?|OS|release|version|v))*[\s:_-]*v?(?<version>[0-9]{1,2}(?:\.[0-9]{1,2}){0,2})?(?![0-9.]|[\s-]?bit)";
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\bUbuntu\b" + Number, Options)]
    private static partial Regex Ubuntu();

    [GeneratedRegex(@"\bDebian\b" + Number, Options)]
    private static partial Regex Debian();

    [GeneratedRegex(@"\b(?:RHEL|Red ?Hat Enterprise(?: Linux)?)" + Number, Options)]
    private static partial Regex RedHat();

    [GeneratedRegex(@"\bCentOS\b" + Number, Options)]
    private static partial Regex CentOS();

    [GeneratedRegex(@"\bAlma ?Linux\b" + Number, Options)]
    private static partial Regex Alma();

    [GeneratedRegex(@"\bRocky ?Linux\b" + Number, Options)]
    private static partial Regex Rocky();

    [GeneratedRegex(@"\bOracle Linux\b" + Number, Options)]
    private static partial Regex Oracle();

    [GeneratedRegex(@"\b(?:SLES|SUSE Linux Enterprise(?: Server)?)" + Number, Options)]
    private static partial Regex Sles();

    [GeneratedRegex(@"\bopenSUSE\b" + Number, Options)]
    private static partial Regex OpenSuse();

    [GeneratedRegex(@"\bFedora\b" + Number, Options)]
    private static partial Regex Fedora();

    [GeneratedRegex(@"\b(?:Azure Linux|CBL[ -]Mariner)\b" + Number, Options)]
    private static partial Regex AzureLinux();

    [GeneratedRegex(@"\bFlatcar\b", Options)]
    private static partial Regex Flatcar();

    // "For Windows clients" is no system of the disk.
    [GeneratedRegex(@"\bWindows (?:Server|7|8|10|11)\b", Options)]
    private static partial Regex Windows();

    [GeneratedRegex(@"^[0-9]{1,4}(?:\.[0-9]{1,4}){0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionForm();
}
