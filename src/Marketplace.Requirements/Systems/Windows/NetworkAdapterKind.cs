namespace Marketplace.Requirements.Systems.Windows;

/// <summary>What stands behind the settings of a network interface.</summary>
internal enum NetworkAdapterKind
{
    /// <summary>The registry lists no adapters, so any settings may count.</summary>
    Unknown,

    /// <summary>An adapter of the machine, a virtual one of Hyper-V included.</summary>
    Device,

    /// <summary>An adapter of software: tunnel, loopback, WAN miniport.</summary>
    Software,

    /// <summary>None: the settings are left over from an adapter that was removed.</summary>
    Removed,
}
