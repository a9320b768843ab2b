using System.Globalization;
using System.Text.RegularExpressions;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Software;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2008: OpenSSL is of a line that still gets fixes.</summary>
internal sealed partial class OpenSslIsRecent : LinuxRequirement
{
    private static readonly Version Minimum = new(3, 0, 0);

    /// <summary>Older lines that distributions maintain; the letter behind them does not matter.</summary>
    private static readonly Version[] Extended = [new(1, 1, 1), new(1, 0, 2)];

    private static readonly Version Recommended2015 = new(1, 0, 0);

    public override string Id => "MKT2008";

    public override string Title => "OpenSSL";

    public override string Section => "2.3";

    public override Criterion Guide { get; } = new(Severity.Warning, "OpenSSL is installed, version 1.0 or later is recommended", "Guide, 2.3");

    public override Criterion Current { get; } = new(Severity.Error, "OpenSSL is installed, version 3.0.0 or later, or of the lines 1.1.1 and 1.0.2", "LISA verify_openssl_version");

    public override string Why => "The agent runs the program openssl to unpack the certificates and settings the platform sends; other lines of OpenSSL get no fixes any more";

    public override string Remedy => "install openssl from the package manager; where it is older than 3.0.0 and neither 1.1.1 nor 1.0.2, move to a newer release of the distribution";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        if (OpenSslFacts.Read(system.Tree, system.Packages) is not { } openSsl)
        {
            SystemExtensions.ThrowIfAnyMayBring(system.Tree, "OpenSSL");
            return CheckResult.From(new Observation(disk, "the program openssl is not installed") { Repair = new Repair(RepairStage.Software, "install_package openssl") });
        }

        if (openSsl.Version is null || Numbers().Match(openSsl.Version) is not { Success: true } match)
        {
            throw new CannotCheckException($"the version of OpenSSL was not found in {Evidence.Quote(openSsl.Path)} or in libcrypto");
        }

        Version version = new(Number(match, 1), Number(match, 2), match.Groups[3].Success ? Number(match, 3) : 0);
        return version >= Minimum || Extended.Contains(version)
            ? CheckResult.Passed
            : CheckResult.From(new Observation(disk, $"OpenSSL is {Evidence.Quote(openSsl.Version)}")
            {
                PathInDisk = openSsl.Path,
                Guide = version < Recommended2015 ? Severity.Warning : Severity.None,
            });
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([0-9]{1,5})\.([0-9]{1,5})(?:\.([0-9]{1,5}))?", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
