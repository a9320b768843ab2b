using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux.Software;

[TestClass]
public sealed class PythonTests
{
    private const int Executable = 0b111_101_101;

    [TestMethod]
    public void Accepts_the_Python_of_Debian() => Assert.AreEqual("", Debian().Severities<PythonIsInstalled>());

    [TestMethod]
    [DataRow("#!/usr/bin/python3\n", "Error")]
    [DataRow("#! /usr/bin/env -S python3 -u\n", "Error")]
    [DataRow("#!/usr/bin/env python3.11\n", "")]
    [DataRow("#!/usr/bin/python3.11 -u\n", "")]
    [DataRow("#!/bin/sh\n", "")]
    [DataRow("\u007fELF", "")]
    [DataRow("", "")]
    public void The_Python_of_the_agent_must_be_there(string head, string severities) => Assert.AreEqual(
        severities,
        LinuxTrees.Debian().Add("/usr/sbin/waagent", head, Executable).Add("/usr/bin/python3.11", "x", Executable).Severities<PythonIsInstalled>());

    [TestMethod]
    [DataRow("3.9", "")]
    [DataRow("3.13", "")]
    [DataRow("3.8", "Warning")]
    [DataRow("2.7", "Warning")]
    [DataRow("2.6", "Warning")]
    [DataRow("2.5", "Error")]
    public void Judges_the_version(string version, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/usr/sbin/waagent", "#!/usr/bin/env python\n", Executable).Add("/usr/bin/python" + version, "x", Executable).Link("/usr/bin/python", "python" + version).Severities<PythonIsInstalled>());

    [TestMethod]
    [DataRow("rhel", "8.10", "3.6", "Info")]
    [DataRow("almalinux", "8.10", "3.6", "Info")]
    [DataRow("ol", "8.10", "3.6", "Info")]
    [DataRow("ubuntu", "20.04", "3.8", "Info")]
    [DataRow("sles", "15.6", "3.6", "Info")]
    [DataRow("sles_sap", "15.7", "3.6", "Info")]
    [DataRow("rhel", "7.9", "2.7", "Info")]
    [DataRow("centos", "7", "2.7", "Warning")]
    [DataRow("centos", "8", "3.6", "Warning")]
    [DataRow("debian", "10", "3.7", "Warning")]
    [DataRow("ubuntu", "22.04", "3.8", "Warning")]
    [DataRow("rhel", "80", "3.6", "Warning")]
    [DataRow("rhel", "8.10", "3.8", "Warning")]
    public void What_a_maintained_distribution_ships_is_a_note(string id, string release, string version, string severities) => Assert.AreEqual(
        severities,
        LinuxTrees.Debian().Add("/usr/lib/os-release", $"ID=\"{id}\"\nVERSION_ID=\"{release}\"\n").Add("/usr/bin/python" + version, "x", Executable).Link("/usr/bin/python3", "python" + version).Severities<PythonIsInstalled>());

    [TestMethod]
    public void Follows_the_alternatives_of_Red_Hat() => Assert.AreEqual("Info", RedHat8()
        .Link("/usr/bin/python3", "/etc/alternatives/python3").Link("/etc/alternatives/python3", "/usr/bin/python3.6").Link("/usr/bin/python3.6", "../libexec/platform-python3.6").Severities<PythonIsInstalled>());

    [TestMethod]
    public void Looks_at_the_Python_of_the_platform_when_there_is_no_other() =>
        Assert.AreEqual("Info", RedHat8().Severities<PythonIsInstalled>());

    [TestMethod]
    public void A_newer_default_counts_on_an_old_distribution() => Assert.AreEqual("", RedHat8()
        .Add("/usr/bin/python3.11", "x", Executable).Link("/usr/bin/python3", "/etc/alternatives/python3").Link("/etc/alternatives/python3", "/usr/bin/python3.11").Severities<PythonIsInstalled>());

    [TestMethod]
    public void The_default_counts_on_SUSE() => Assert.AreEqual("Info", LinuxTrees.Debian()
        .Add("/usr/lib/os-release", "ID=sles\nVERSION_ID=15.6\n").Add("/usr/bin/python3.6", "x", Executable).Add("/usr/bin/python3.11", "x", Executable).Link("/usr/bin/python3", "python3.6").Severities<PythonIsInstalled>());

    [TestMethod]
    public void Programs_in_usr_local_come_first() =>
        Assert.AreEqual("Warning", Debian().Add("/usr/local/bin/python3.8", "x", Executable).Link("/usr/local/bin/python3", "python3.8").Severities<PythonIsInstalled>());

    [TestMethod]
    public void Without_any_Python_it_fails()
    {
        // What only looks like an interpreter: a tool, a library, a dangling link, a file nobody may run, the rest of a removed package.
        MemoryTree tree = LinuxTrees.Debian().Add("/usr/bin/python3-config", "x", Executable).Add("/usr/bin/pythonic", "x", Executable).Add("/usr/lib/python3.11/os.py", "x")
            .Link("/usr/bin/python3", "python3.11").Add("/usr/bin/python3.10", "x")
            .Add("/var/lib/dpkg/status", "Package: python3.11-minimal\nStatus: deinstall ok config-files\nVersion: 3.11.2-6\n");

        Assert.AreEqual("Error", tree.Severities<PythonIsInstalled>());
    }

    [TestMethod]
    public void Takes_the_version_of_the_package_when_the_name_has_none()
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/usr/bin/python3", "x", Executable);

        Assert.ThrowsExactly<CannotCheckException>(() => tree.Check<PythonIsInstalled>());
        Assert.AreEqual("", tree.Add("/var/lib/dpkg/status", "Package: python3\nStatus: install ok installed\nVersion: 3.12.3-0ubuntu2\n").Severities<PythonIsInstalled>());
        Assert.AreEqual("Warning", tree.Add("/var/lib/dpkg/status", "Package: python3\nStatus: install ok installed\nVersion: 3.8.2-0ubuntu2\n").Severities<PythonIsInstalled>());
    }

    [TestMethod]
    [DataRow("/oem/sysext/oem-azure-4081.2.0.raw")]
    [DataRow("/usr/share/oem/sysext/oem-azure.raw")]
    [DataRow("/var/lib/extensions/python.raw")]
    public void A_system_extension_may_bring_it(string path)
    {
        Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Add(path, "x").Check<PythonIsInstalled>());
        Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Add(path, "x").Check<Pyasn1IsInstalled>());
        Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Remove("/var/lib/dpkg").Add(path, "x").Check<OpenSslIsRecent>());
        Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Remove("/usr/sbin/waagent").Add(path, "x").Check<AgentIsInstalled>());
        Assert.IsFalse(Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Remove("/usr/sbin/waagent").Add(path, "x").Check<AgentIsEnabled>()).Reported);
    }

    [TestMethod]
    public void Is_inconclusive_when_usr_cannot_be_read()
    {
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Unreadable("/usr/bin").Check<PythonIsInstalled>());
        Assert.ThrowsExactly<DiskFormatException>(() => Debian().Unreadable("/usr/lib/python3").Check<Pyasn1IsInstalled>());
    }

    [TestMethod]
    [DataRow("/usr/lib/python3/dist-packages/pyasn1/__init__.py", "")]
    [DataRow("/usr/lib/python3.11/site-packages/pyasn1/__init__.py", "")]
    [DataRow("/usr/local/lib/python3.11/dist-packages/pyasn1/__init__.py", "")]
    [DataRow("/usr/lib64/python3.11/site-packages/pyasn1/__init__.pyc", "")]
    [DataRow("/usr/lib/python3.11/site-packages/pyasn1-0.4.8-py3.11.egg", "")]
    [DataRow("/usr/lib/python3.9/site-packages/pyasn1/__init__.py", "Warning", DisplayName = "of a Python that is gone")]
    [DataRow("/usr/lib/python3/dist-packages/pyasn1_modules/__init__.py", "Warning")]
    [DataRow("/usr/lib/python3/dist-packages/pyasn1-0.4.8.egg-info/PKG-INFO", "Warning")]
    [DataRow("/usr/lib/python3/dist-packages/pyasn1/type/__init__.py", "Warning")]
    [DataRow("/usr/share/python3/pyasn1/__init__.py", "Warning")]
    public void Looks_for_pyasn1_where_Python_does(string path, string severities) =>
        Assert.AreEqual(severities, Debian().Add(path, "x").Severities<Pyasn1IsInstalled>());

    [TestMethod]
    public void Finds_pyasn1_for_the_Python_of_the_platform() =>
        Assert.AreEqual("", RedHat8().Add("/usr/lib/python3.6/site-packages/pyasn1/__init__.py", "x").Severities<Pyasn1IsInstalled>());

    [TestMethod]
    public void Without_Python_pyasn1_is_not_reported_as_well() =>
        Assert.IsTrue(Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Check<Pyasn1IsInstalled>()).Reported);

    [TestMethod]
    public void Lists_every_interpreter_once()
    {
        LinuxSystem system = new(Debian().Link("/bin", "usr/bin").Link("/usr/bin/python", "python3"));

        Assert.AreEqual("/usr/bin/python3.11 3.11", string.Join(", ", system.Python.All.Select(python => $"{python.Program} {python.Version}")));
    }

    private static MemoryTree Debian() => LinuxTrees.Debian().Add("/usr/bin/python3.11", "x", Executable).Link("/usr/bin/python3", "python3.11");

    private static MemoryTree RedHat8() => LinuxTrees.Debian().Add("/usr/sbin/waagent", "#!/usr/libexec/platform-python\n", Executable)
        .Add("/usr/lib/os-release", "ID=\"rhel\"\nVERSION_ID=\"8.10\"\n")
        .Add("/usr/libexec/platform-python3.6", "x", Executable).Link("/usr/libexec/platform-python", "./platform-python3.6");

    [TestMethod]
    public void PythonOfTheAgentOfFlatcarCounts()
    {
        MemoryTree tree = new MemoryTree()
            .Add("/usr/lib/os-release", "ID=flatcar\nVERSION_ID=3510.3.4\n")
            .Add("/usr/share/oem/waagent.conf", "Provisioning.Agent=auto\n")
            .Add("/usr/share/oem/bin/waagent", "#!/usr/share/oem/python/bin/python3\n", 0b111_101_101)
            .Add("/usr/share/oem/python/lib/python3.9/site-packages/azurelinuxagent/common/version.py", "AGENT_VERSION = '2.6.0.2'\n");
        Assert.AreEqual("Error", tree.Severities<PythonIsInstalled>().Split(' ')[0]);

        tree.Add("/usr/share/oem/python/bin/python3.9", "\u007fELF", 0b111_101_101).Link("/usr/share/oem/python/bin/python3", "python3.9");
        Assert.AreEqual("", tree.Severities<PythonIsInstalled>());
        Assert.AreEqual("Info", tree.Severities<AgentIsInstalled>());
    }
}
