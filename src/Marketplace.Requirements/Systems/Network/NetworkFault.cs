namespace Marketplace.Requirements.Systems.Network;

/// <summary>What is wrong with the configuration of a network device.</summary>
internal enum NetworkFaultKind
{
    /// <summary>It has an address of its own.</summary>
    StaticAddress,

    /// <summary>It is bound to the hardware address of one machine.</summary>
    HardwareAddress,

    /// <summary>It does not use DHCP.</summary>
    NoDhcp,

    /// <summary>It does not come up at boot.</summary>
    NotAtBoot,
}

/// <summary>A fault in a file that configures the network.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Device">The device or connection as the file names it.</param>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Text">The words that say so.</param>
/// <param name="Reader">The program that reads the file.</param>
internal sealed record NetworkFault(NetworkFaultKind Kind, string Device, string Path, int Line, string Text, string Reader)
{
    /// <summary>Shell commands that mend it; empty when there are none.</summary>
    public string Repair { get; init; } = "";

    /// <summary>Why the program does not read the file on this system; empty when it does.</summary>
    public string Unread { get; init; } = "";

    /// <summary>Whether cloud-init writes the file anew at the first boot.</summary>
    public bool IsRewritten { get; init; }
}
