using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Tests.Support.Distributions;

namespace Marketplace.Requirements.Tests.Linux;

/// <summary>Good systems of the distributions that use RPM: every requirement passes or only notes something.</summary>
[TestClass]
public sealed class DistributionTests
{
    private static readonly RequirementsLevel[] Levels = [RequirementsLevel.Guide201510, RequirementsLevel.Current];

    private static readonly Dictionary<string, Func<MemoryTree>> Systems = new(StringComparer.Ordinal)
    {
        ["rhel-8"] = EnterpriseLinux.RedHat8,
        ["rhel-9"] = EnterpriseLinux.RedHat9,
        ["rhel-10"] = EnterpriseLinux.RedHat10,
        ["alma-9"] = EnterpriseLinux.Alma9,
        ["rocky-9"] = EnterpriseLinux.Rocky9,
        ["oracle-8"] = EnterpriseLinux.Oracle8,
        ["sles-15"] = SuseLinux.Enterprise15,
        ["tumbleweed"] = SuseLinux.Tumbleweed,
        ["mariner-2"] = AzureLinux.Mariner2,
        ["azurelinux-3"] = AzureLinux.AzureLinux3,
    };

    public static IEnumerable<string> Names => Systems.Keys;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void GoodSystemHasNoFinding(string name) => Assert.AreEqual("", string.Join('\n', Find(Systems[name]())));

    /// <summary>Everything that weighs or could not be checked, a line each.</summary>
    private static IEnumerable<string> Find(MemoryTree tree)
    {
        LinuxSystem system = new(tree);
        foreach (LinuxRequirement requirement in RequirementCatalog.All.OfType<LinuxRequirement>())
        {
            CheckResult result;
            string? inconclusive = null;
            try
            {
                result = requirement.CheckSystem("/images/os.vhd", system);
            }
            catch (Exception exception) when (exception is CannotCheckException or DiskFormatException)
            {
                inconclusive = exception.Message;
                result = CheckResult.Passed;
            }

            if (inconclusive is not null)
            {
                yield return $"{requirement.Id} inconclusive: {inconclusive}";
            }

            foreach (Observation observation in result.Observations)
            {
                Severity severity = SeverityPolicy.Counting(requirement, Levels).Max(level => SeverityPolicy.At(requirement, observation, level));
                if (severity >= Severity.Warning)
                {
                    yield return $"{requirement.Id} {severity}: {observation.Found} [{observation.PathInDisk}:{observation.Line}]";
                }
            }
        }

        foreach (Observation observation in SwapFacts.Find("/images/os.vhd", system))
        {
            yield return "MKT2011 " + observation.Found;
        }
    }
}
