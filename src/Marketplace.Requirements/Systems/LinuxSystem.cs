using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Systems.Accounts;
using Marketplace.Requirements.Systems.Agent;
using Marketplace.Requirements.Systems.Boot;
using Marketplace.Requirements.Systems.Kernels;
using Marketplace.Requirements.Systems.Software;
using Marketplace.Requirements.Systems.Ssh;

namespace Marketplace.Requirements.Systems;

/// <summary>The facts of a Linux system, each read once when first asked for. A fact that cannot be read throws every time it is asked for.</summary>
internal sealed class LinuxSystem
{
    private readonly Lazy<OsRelease> _osRelease;
    private readonly Lazy<InstalledPackages?> _packages;
    private readonly Lazy<AgentFacts> _agent;
    private readonly Lazy<PythonFacts> _python;
    private readonly Lazy<CloudInit> _cloudInit;
    private readonly Lazy<BootMenu> _bootMenu;
    private readonly Lazy<BootKernel> _kernel;
    private readonly Lazy<ModprobeConfiguration> _modprobe;
    private readonly Lazy<bool> _isX64;
    private readonly Lazy<SshServer> _sshServer;
    private readonly Lazy<SshdConfiguration> _sshd;
    private readonly Lazy<IReadOnlyList<Account>?> _accounts;
    private readonly Lazy<IReadOnlyList<FstabEntry>> _fstab;

    /// <summary>Prepares the facts; nothing is read yet.</summary>
    /// <param name="tree">The files of the system.</param>
    public LinuxSystem(FileTree tree)
    {
        Tree = tree;
        Services = new ServiceFacts(tree);
        _osRelease = new(() => OsRelease.Read(tree));
        _packages = new(() => InstalledPackages.Read(tree));
        _agent = new(() => AgentFacts.Read(tree, () => Packages));
        _python = new(() => PythonFacts.Read(tree, () => Packages));
        _cloudInit = new(() => CloudInit.Read(tree, Services));
        _bootMenu = new(() => BootMenuReader.Read(tree));
        _kernel = new(() => BootKernel.Find(tree, () => BootMenu));
        _modprobe = new(() => ModprobeConfiguration.Read(tree));
        _isX64 = new(() => ElfMachine.IsX64(tree));
        _sshServer = new(() => SshServer.Read(tree, Services));
        _sshd = new(() => SshdConfiguration.Read(tree, SshdCommandLine.Read(tree, Services)));
        _accounts = new(() => AccountReader.Read(tree));
        _fstab = new(() => DiskImages.Trees.Fstab.Parse(tree.ReadAllText("/etc/fstab", 1 << 20) ?? ""));
    }

    /// <summary>The files themselves, for what has no fact of its own.</summary>
    public FileTree Tree { get; }

    /// <summary>Which services start at boot.</summary>
    public ServiceFacts Services { get; }

    /// <summary>os-release.</summary>
    public OsRelease OsRelease => _osRelease.Value;

    /// <summary>The packages of dpkg and RPM; null when the system has neither.</summary>
    public InstalledPackages? Packages => _packages.Value;

    /// <summary>The Azure Linux Agent.</summary>
    public AgentFacts Agent => _agent.Value;

    /// <summary>The Azure Linux Agent, where it is there.</summary>
    /// <exception cref="Engine.CannotCheckException">It is not: told by MKT2001, unless something that is not read may bring it.</exception>
    public AgentFacts RequireAgent()
    {
        if (Agent.IsPresent)
        {
            return Agent;
        }

        SystemExtensions.ThrowIfAnyMayBring(Tree, "the Azure Linux Agent");
        throw new Engine.CannotCheckException("the Azure Linux Agent is not installed", reported: true) { ReportedBy = ["MKT2001"] };
    }

    /// <summary>The Python interpreters.</summary>
    public PythonFacts Python => _python.Value;

    /// <summary>cloud-init.</summary>
    public CloudInit CloudInit => _cloudInit.Value;

    /// <summary>The boot entries.</summary>
    public BootMenu BootMenu => _bootMenu.Value;

    /// <summary>The kernel the default boot entry starts.</summary>
    public BootKernel Kernel => _kernel.Value;

    /// <summary>The kernel that starts, where it is one whatever the firmware.</summary>
    /// <exception cref="Engine.CannotCheckException">UEFI firmware starts another one.</exception>
    public BootKernel RequireKernel() => Kernel is { OtherUnderUefi: { } other } kernel
        ? throw new Engine.CannotCheckException($"UEFI firmware starts or may start another kernel, {Engine.Evidence.Quote(other.Kernel)} by {Engine.Evidence.Quote(other.Path)}, than {Engine.Evidence.Quote(kernel.Entry!.Kernel)} by {Engine.Evidence.Quote(kernel.Entry.Path)}")
        : Kernel;

    /// <summary>Which modules modprobe does not load.</summary>
    public ModprobeConfiguration Modprobe => _modprobe.Value;

    /// <summary>Whether the programs of the system are known to be for x86-64.</summary>
    public bool IsX64 => _isX64.Value;

    /// <summary>The SSH server.</summary>
    public SshServer SshServer => _sshServer.Value;

    /// <summary>The configuration of the SSH server.</summary>
    public SshdConfiguration Sshd => _sshd.Value;

    /// <summary>The accounts.</summary>
    /// <exception cref="Engine.CannotCheckException">There is no /etc/passwd.</exception>
    public IReadOnlyList<Account> Accounts => _accounts.Value ?? throw new Engine.CannotCheckException("the system has no /etc/passwd");

    /// <summary>The entries of /etc/fstab.</summary>
    public IReadOnlyList<FstabEntry> Fstab => _fstab.Value;
}
