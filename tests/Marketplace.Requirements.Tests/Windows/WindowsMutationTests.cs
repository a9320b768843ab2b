using System.Diagnostics;
using System.Text;
using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Systems.Windows.Boot;
using Marketplace.Requirements.Systems.Windows.Setup;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>Hostile hives and answer files: every mutant is judged within its time, or reported as one that cannot be checked.</summary>
[TestClass]
public sealed class WindowsMutationTests
{
    private const int Mutants = 400;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, Func<WindowsSystem, CheckResult>> Checks = new()
    {
        ["MKT3008"] = Check<RemoteDesktopIsOn>,
        ["MKT3009"] = system => NoUnsupportedFeatures.CheckSystem("/os.vhd", system),
        ["MKT3010"] = Check<NoIPv6Dependency>,
        ["MKT3011"] = Check<NetworkByDhcp>,
        ["MKT3012"] = Check<PageFileOnTemporaryDisk>,
        ["MKT3013"] = Check<TimeAndDiskPolicies>,
        ["MKT3016"] = Check<OldTlsIsOff>,
        ["MKT3017"] = Check<NoPasswordsOfSetup>,
    };

    public static IEnumerable<object[]> Ids => Checks.Keys.Select(id => new object[] { id });

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void Mutants_of_the_hive_SYSTEM_are_judged_or_reported(string id)
    {
        byte[] software = WindowsTrees.Server2022().Software.ToBytes();
        Run(WindowsTrees.Server2022().System.ToBytes(), 4096, mutant => Checks[id](new WindowsSystem(new MemoryTree(StringComparison.OrdinalIgnoreCase)
            .Add(WindowsSystem.SoftwarePath, software).Add(WindowsSystem.SystemPath, mutant))));
    }

    [TestMethod]
    public void Mutants_of_a_boot_store_are_read_or_reported() => Run(
        new HiveBuilder()
            .Set($@"Objects\{BcdFormat.BootManager}\Elements\{BcdFormat.DefaultObject}", "Element", "{1}")
            .Set($@"Objects\{{1}}\Elements\{BcdFormat.ApplicationDevice}", "Element", new byte[88])
            .ToBytes(),
        4096,
        mutant => BootConfiguration.CheckStores("/os.vhd", [.. BcdStore.Find(new MemoryTree().Add("/Boot/BCD", mutant))]));

    [TestMethod]
    public void Mutants_of_an_answer_file_are_read_or_reported() => Run(
        Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><unattend xmlns=\"u\"><a><AutoLogon><Password><Value>x&amp;</Value></Password></AutoLogon><!-- c --><![CDATA[d]]></a></unattend>"),
        0,
        mutant => AnswerFile.Read(new MemoryTree().Add("/unattend.xml", mutant), "/unattend.xml"));

    [TestMethod]
    public void Mutants_of_a_firewall_rule_are_read() => Run(
        Encoding.UTF8.GetBytes("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|LPort2_10=1-2|Profile=Public|"),
        0,
        mutant => FirewallRule.Parse(Encoding.UTF8.GetString(mutant)).IsForRemoteDesktop(3389));

    [TestMethod]
    [DataRow("<a>", 1_000_000)]
    [DataRow("<a b=''>", 400_000)]
    [DataRow("<!--", 1_000_000)]
    public void Repeated_text_of_an_answer_file_is_reported_in_time(string part, int count)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(new StringBuilder(part.Length * count).Insert(0, part, count).ToString());
        Stopwatch watch = Stopwatch.StartNew();

        Assert.ThrowsExactly<CannotCheckException>(() => AnswerFile.Read(new MemoryTree().Add("/unattend.xml", bytes), "/unattend.xml"));
        Assert.IsLessThan(Budget, watch.Elapsed);
    }

    private static CheckResult Check<T>(WindowsSystem system)
        where T : WindowsRequirement, new() => new T().CheckSystem("/os.vhd", system);

    private static void Run(byte[] original, int firstByte, Action<byte[]> read)
    {
        for (int seed = 0; seed < Mutants; seed++)
        {
            Random random = new(seed);
            byte[] mutant = [.. original];
            for (int change = random.Next(1, 8); change > 0; change--)
            {
                int at = random.Next(firstByte, mutant.Length);
                mutant[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(mutant[at] ^ (1 << random.Next(8)));
            }

            long start = Stopwatch.GetTimestamp();
            try
            {
                read(mutant);
            }
            catch (Exception exception) when (exception is DiskFormatException or CannotCheckException)
            {
                // Reported: that is the other allowed end.
            }

            Assert.IsLessThan(Budget, Stopwatch.GetElapsedTime(start), $"seed {seed}");
        }
    }
}
