using Marketplace.DiskImages.Registry;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>The facts of a Windows system, each read once when first asked for. A fact that cannot be read throws every time it is asked for.</summary>
internal sealed class WindowsSystem
{
    /// <summary>Path of the hive that is HKEY_LOCAL_MACHINE\SOFTWARE.</summary>
    public const string SoftwarePath = "/Windows/System32/config/SOFTWARE";

    /// <summary>Path of the hive that is HKEY_LOCAL_MACHINE\SYSTEM.</summary>
    public const string SystemPath = "/Windows/System32/config/SYSTEM";

    private readonly Lazy<RegistryHive> _software;
    private readonly Lazy<RegistryHive> _system;
    private readonly Lazy<string> _controlSet;
    private readonly Lazy<WindowsVersion> _version;
    private readonly Lazy<Architecture> _architecture;
    private readonly Lazy<SysprepState> _sysprep;
    private readonly Lazy<IReadOnlyList<ScheduledTask>> _tasks;
    private readonly Lazy<AzureAgent> _agent;
    private readonly Lazy<IReadOnlyList<SqlInstance>> _sqlInstances;
    private readonly Lazy<UpdateFacts> _updates;

    /// <summary>Prepares the facts; nothing is read yet.</summary>
    /// <param name="tree">The files of the drive C:.</param>
    public WindowsSystem(FileTree tree)
    {
        Tree = tree;
        _software = new(() => Open(tree, SoftwarePath));
        _system = new(() => Open(tree, SystemPath));
        _controlSet = new(() => Windows.ControlSet.Find(System));
        _version = new(() => WindowsVersion.Read(this));
        _architecture = new(() => Architecture.Read(this));
        _sysprep = new(() => SysprepState.Read(this));
        _tasks = new(() => ScheduledTask.ReadAll(tree));
        _agent = new(() => AzureAgent.Read(this));
        _sqlInstances = new(() => SqlInstance.ReadAll(this));
        _updates = new(() => UpdateFacts.Read(this));
    }

    /// <summary>The files themselves, for what has no fact of its own; the root of the drive C: is <c>/</c>.</summary>
    public FileTree Tree { get; }

    /// <summary>HKEY_LOCAL_MACHINE\SOFTWARE.</summary>
    /// <exception cref="CannotCheckException">There is none.</exception>
    public RegistryHive Software => _software.Value;

    /// <summary>HKEY_LOCAL_MACHINE\SYSTEM.</summary>
    /// <exception cref="CannotCheckException">There is none.</exception>
    public RegistryHive System => _system.Value;

    /// <summary>The key of <see cref="System"/> that is CurrentControlSet at the next start, for example <c>ControlSet001</c>.</summary>
    /// <exception cref="CannotCheckException">The hive does not say it.</exception>
    public string ControlSet => _controlSet.Value;

    /// <summary>Product, edition and build.</summary>
    public WindowsVersion Version => _version.Value;

    /// <summary>The processors it is for.</summary>
    public Architecture Architecture => _architecture.Value;

    /// <summary>What sysprep left behind.</summary>
    public SysprepState Sysprep => _sysprep.Value;

    /// <summary>The tasks of the Task Scheduler.</summary>
    public IReadOnlyList<ScheduledTask> Tasks => _tasks.Value;

    /// <summary>The Azure VM agent.</summary>
    public AzureAgent Agent => _agent.Value;

    /// <summary>The instances of SQL Server.</summary>
    public IReadOnlyList<SqlInstance> SqlInstances => _sqlInstances.Value;

    /// <summary>Updates that are installed or waiting.</summary>
    public UpdateFacts Updates => _updates.Value;

    /// <summary>A key of <see cref="Software"/>, or null when there is none.</summary>
    /// <param name="path">For example <c>Microsoft\Windows NT\CurrentVersion</c>.</param>
    public RegistryKey? FindSoftware(string path) => Software.FindKey(path);

    /// <summary>A key below CurrentControlSet, or null when there is none.</summary>
    /// <param name="path">For example <c>Control\Terminal Server</c>.</param>
    public RegistryKey? FindControl(string path) => System.FindKey(ControlSet + "\\" + path);

    /// <summary>The key of a service or driver, or null when it is not installed.</summary>
    public RegistryKey? FindService(string name) => FindControl(@"Services\" + name);

    private static RegistryHive Open(FileTree tree, string path) =>
        RegistryHive.Open(tree, path) ?? throw new CannotCheckException($"the registry hive {path.Replace('/', '\\')} is missing");
}
