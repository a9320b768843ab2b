using System.Diagnostics;
using System.Text;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Packages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Accounts;
using Marketplace.Requirements.Systems.Agent;
using Marketplace.Requirements.Systems.Boot;
using Marketplace.Requirements.Systems.Firewall;
using Marketplace.Requirements.Systems.Software;
using Marketplace.Requirements.Systems.Ssh;
using Marketplace.Requirements.Systems.Sudo;
using Marketplace.Requirements.Systems.Yaml;
using Marketplace.Requirements.Tests.Linux;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests;

/// <summary>Hostile files: every mutant is read within its time, and only a bad image is ever reported.</summary>
[TestClass]
public sealed class ParserMutationTests
{
    private const int Mutants = 400;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, (string Text, Action<byte[]> Read)> Parsers = new()
    {
        ["grub.cfg"] = (LinuxTrees.DebianGrub, bytes => BootMenuReader.Read(new MemoryTree().Add("/boot/grub/grub.cfg", bytes))),
        ["blscfg"] = (LinuxTrees.RedHatGrub, bytes => BootMenuReader.Read(LinuxTrees.RedHat().Add("/boot/grub2/grub.cfg", bytes))),
        ["grubenv"] = ("# GRUB Environment Block\nsaved_entry=1>2\nkernelopts=a\\\\b \n####", bytes => BootMenuReader.Read(LinuxTrees.RedHat().Add("/boot/grub2/grubenv", bytes))),
        ["loader entry"] = ("title T\nlinux /v\noptions $kernelopts ${x} quiet\n", bytes => LoaderEntry.Parse("/x", "x", Encoding.UTF8.GetString(bytes))),
        ["menu.lst"] = ("default 1\ntitle A\nkernel /v ro\ntitle B\nkernel /v\n", bytes => LegacyGrub.Parse("/x", Encoding.UTF8.GetString(bytes))),
        ["extlinux.conf"] = ("DEFAULT a\nAPPEND c\nINCLUDE x.cfg\nLABEL a\n MENU DEFAULT\n LINUX /v\n APPEND -\nONTIMEOUT b\n", bytes => BootMenuReader.Read(new MemoryTree().Add("/boot/extlinux/extlinux.conf", bytes).Add("/boot/extlinux/x.cfg", bytes))),
        ["unit"] = ("[Swap]\nWhat = /a\\\n; c\n b\nWhat=\n", bytes => UnitFile.ValuesOf(Encoding.UTF8.GetString(bytes), "Swap", "What")),
        ["preset"] = ("enable a*.service\ndisable *\n", bytes => ServicePresets.Read(new MemoryTree().Add("/usr/lib/systemd/system-preset/a.preset", bytes))!.EnabledBy("b.service")),
        ["sshd command line"] = ("A=\"-o ClientAliveInterval=1 -f /x\"\n", bytes => SshdCommandLine.Read(
            new MemoryTree().Add("/etc/systemd/system/ssh.service", "[Service]\nEnvironmentFile=/e\nExecStart=/s $A\n").Add("/e", bytes) is var tree ? tree : tree, new ServiceFacts(tree))),
        ["passwd home"] = ("x:x:0:0::home/a:/bin/sh\n", bytes => new MemoryTree().Add("/etc/passwd", bytes).Check<NoDefaultAccounts>()),
        ["sshd_config"] = ("Include x/*.conf\nMatch User a\nClientAliveInterval=\"3m\"\nMatch all\nAcceptEnv A B # c\n", bytes => SshdConfiguration.Read(new MemoryTree().Add("/etc/ssh/sshd_config", bytes).Add("/etc/ssh/x/a.conf", bytes))),
        ["passwd"] = ("root:x:0:0:root:/root:/bin/bash\na::1:1::/:\n", bytes => AccountReader.Parse(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(bytes))),
        ["waagent.conf"] = ("A.B=y # c\n#X=n\nC=\"None\"\n", bytes => _ = AgentConfiguration.Parse("/x", Encoding.UTF8.GetString(bytes)).AutoUpdates),
        ["os-release"] = ("ID=\"debian\"\nVERSION_ID='12'\n", bytes => OsRelease.Parse(Encoding.UTF8.GetString(bytes))),
        ["dpkg status"] = ("Package: a\nStatus: install ok installed\nVersion: 1\n x\n\n", bytes => InstalledPackages.Read(new MemoryTree().Add("/var/lib/dpkg/status", bytes))),
        ["ELF header"] = (Encoding.Latin1.GetString([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 62, 0, 1, 0]), bytes => new MemoryTree().Add("/bin/sh", bytes).Check<SystemIs64Bit>()),
        ["libcrypto"] = ("OpenSSL 1\0OpenSSL 3.0.13 30 Jan 2024\0", bytes => new MemoryTree().Add("/usr/bin/openssl", bytes).Check<OpenSslIsRecent>()),
        ["openssl version"] = ("Package: openssl\nStatus: install ok installed\nVersion: 1:3.0.11-1~deb12u2\n", bytes => new MemoryTree().Add("/var/lib/dpkg/status", bytes).Check<OpenSslIsRecent>()),
        ["omi version"] = ("Package: omi\nStatus: install ok installed\nVersion: 1.6.8-1\n", bytes => new MemoryTree().Add("/var/lib/dpkg/status", bytes).Check<NoVulnerableOmi>()),
        ["omiserver"] = ("\0OMI-1.6.4-1\0", bytes => new MemoryTree().Add("/opt/omi/bin/omiserver", bytes).Check<NoVulnerableOmi>()),
        ["sysconfig"] = ("A=\"no\" # c\nDHCLIENT_SET_HOSTNAME=\"no\"\n", bytes => SysconfigFile.Find(Encoding.UTF8.GetString(bytes), "DHCLIENT_SET_HOSTNAME")),
        ["kernel release"] = ("4.18.0-80.4.2.el8_0.x86_64", bytes => SackFixes.Judge(Encoding.UTF8.GetString(bytes), () => OsRelease.Parse("ID=sles\nVERSION_ID=12.4\n"), () => null)),
        ["version.py"] = ("AGENT_VERSION = '2.9.1.1'\n", bytes => AgentFacts.FindAssignment(Encoding.UTF8.GetString(bytes))),
        ["yaml"] = ("a: &x {b: [1, 'two', \"three\"]}\nc: *x\nd: |\n  text\n<<: *x\n", bytes => YamlReader.Parse("/x", Encoding.UTF8.GetString(bytes))),
        ["netplan"] = ("network:\n  ethernets:\n    eth0: &a\n      addresses: [10.0.0.5/24]\n      match: {macaddress: '00:01'}\n    eth1: *a\n", bytes => Network("/etc/netplan/a.yaml", bytes)),
        ["cloud.cfg"] = ("cloud_init_modules: [mounts, [x, y]]\nswap: {size: 1G}\nmounts:\n- [a, none, swap]\n", bytes => LinuxTrees.Debian().Add("/etc/cloud/cloud.cfg", bytes).Check<ProvisionedSwapIsElsewhere>()),
        ["interfaces"] = ("auto eth0\niface eth0 inet static\n address 1\n\\\nsource-directory interfaces\nsource *\n", bytes => Network("/etc/network/interfaces", bytes)),
        ["ifcfg"] = ("DEVICE=\"eth0\"\nIPADDR0=1\nHWADDR='a:b'\n", bytes => Network("/etc/sysconfig/network-scripts/ifcfg-eth0", bytes)),
        ["keyfile"] = ("[connection]\ntype=ethernet\n[ipv4]\nmethod=manual\naddress1=1\n", bytes => Network("/etc/NetworkManager/system-connections/a", bytes)),
        [".network"] = ("[Match]\nName=eth0 en*\nMACAddress=a\n[Network]\nAddress=1\\\n2\n", bytes => Network("/etc/systemd/network/a.network", bytes)),
        ["sudoers"] = ("Defaults:a, b !env, targetpw \\\n#x\n@include sudoers\nDefaults x=\"a, b\"\n", bytes => SudoersDefaults.Find(new MemoryTree().Add("/etc/sudoers", bytes), "targetpw")),
        ["nftables"] = ("include \"a/*\"\ntable inet f { chain c { type filter hook input priority 0; policy accept; tcp dport { 22, 80 } accept } }\n", bytes => NftRuleset.FindRule(new MemoryTree().Add("/etc/nftables.conf", bytes).Add("/etc/a/b", bytes), "/etc/nftables.conf")),
        ["kernel image"] = (Encoding.Latin1.GetString(KernelLineTests.UnifiedKernel("console=ttyS0")), bytes => UnifiedKernelImage.ReadCommandLine(new MemoryTree().Add("/x", bytes), "/x")),
    };

    /// <summary>Texts that make a careless reader look at the same bytes, or at the same directories, again and again.</summary>
    [TestMethod]
    [DataRow("grub.cfg", "${", 250_000)]
    [DataRow("grub.cfg", "if ", 160_000)]
    [DataRow("grub.cfg", "a ", 250_000)]
    [DataRow("sshd_config", "Include /*/*/*\n", 60_000)]
    [DataRow("sshd_config", "[", 1_000_000)]
    [DataRow("passwd", ":", 4_000_000)]
    [DataRow("version.py", " ", 4_000_000)]
    [DataRow("yaml", "[", 65_000)]
    [DataRow("yaml", "? ", 30_000)]
    [DataRow("yaml", "- ", 30_000)]
    [DataRow("yaml", "a: ", 20_000)]
    [DataRow("yaml", "&a ", 20_000)]
    [DataRow("netplan", "x\n", 30_000)]
    [DataRow("sudoers", "Defaults:a ", 90_000)]
    [DataRow("sudoers", "Defaults targetpw,\\\n", 50_000)]
    [DataRow("interfaces", "source /*/*\n", 20_000)]
    [DataRow("interfaces", "auto eth0 \\\n", 20_000)]
    [DataRow("interfaces", "iface eth0 inet static\n", 10_000)]
    [DataRow("nftables", "{", 1_000_000)]
    [DataRow("nftables", "include \"/etc/a/*\"\n", 40_000)]
    public void Reads_repeated_text_in_time(string name, string part, int count)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(new StringBuilder(part.Length * count).Insert(0, part, count).ToString());
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            Parsers[name].Read(bytes);
        }
        catch (DiskFormatException e)
        {
            Assert.AreEqual(DiskFormatErrorKind.Unsupported, e.Kind);
        }
        catch (CannotCheckException)
        {
            // Such a text has no menu.
        }

        Assert.IsLessThan(Budget, watch.Elapsed);
    }

    public static IEnumerable<object[]> Names => Parsers.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Mutants_are_read_or_reported(string name)
    {
        (string text, Action<byte[]> read) = Parsers[name];
        byte[] original = Encoding.Latin1.GetBytes(text);
        for (int seed = 0; seed < Mutants; seed++)
        {
            byte[] mutant = Mutate(original, new Random(seed));
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

    [TestMethod]
    public void A_variable_that_doubles_itself_is_stopped() =>
        Assert.ThrowsExactly<DiskFormatException>(() => ReadGrub("set a=xxxxxxxxxxxxxxxx\n" + string.Concat(Enumerable.Repeat("set a=\"$a$a\"\n", 60))));

    [TestMethod]
    public void Blocks_in_blocks_are_stopped() =>
        Assert.ThrowsExactly<DiskFormatException>(() => ReadGrub(string.Concat(Enumerable.Repeat("submenu a {\n", 100_000))));

    [TestMethod]
    public void A_file_that_sources_itself_is_stopped() =>
        Assert.ThrowsExactly<DiskFormatException>(() => ReadGrub(string.Concat(Enumerable.Repeat("source /boot/grub/grub.cfg\n", 40))));

    [TestMethod]
    [DataRow("************************a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")]
    public void A_pattern_of_stars_takes_no_time(string pattern, string name) => Assert.IsFalse(Glob.IsMatch(name, pattern));

    private static void Network(string path, byte[] bytes) => LinuxTrees.Debian().Add(path, bytes, 0b110_000_000).Check<NetworkIsGeneric>();

    private static void ReadGrub(string text) => BootMenuReader.Read(new MemoryTree().Add("/boot/grub/grub.cfg", text));

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int change = random.Next(1, 6); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count);
            int count = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, count);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - count + 1), count));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.ASCII.GetBytes("{}[]$\"'\\;#=>\n-".Substring(random.Next(13), 1)));
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), 200));
                    break;
            }
        }

        return [.. bytes];
    }
}
