namespace Marketplace.Requirements.Model;

/// <summary>When a repair runs within the repair script. The order matters: what later steps would bring back is removed last.</summary>
public enum RepairStage
{
    /// <summary>Packages are installed, updated or removed.</summary>
    Software,

    /// <summary>Configuration files are edited, services enabled or disabled.</summary>
    Configuration,

    /// <summary>The boot menu and the initial RAM disk are made anew from what was edited.</summary>
    BootMenu,

    /// <summary>Accounts, passwords and keys are removed.</summary>
    Accounts,

    /// <summary>State of this machine is removed: logs, leases, histories, identifiers.</summary>
    Cleanup,

    /// <summary>Windows is generalised, which nothing may follow.</summary>
    Generalisation,
}
