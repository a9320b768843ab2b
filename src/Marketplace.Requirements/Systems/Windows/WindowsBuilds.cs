namespace Marketplace.Requirements.Systems.Windows;

/// <summary>The builds of Windows Server that are, or were, base images of the platform.</summary>
internal static class WindowsBuilds
{
    /// <summary>Windows Server 2008 R2 with Service Pack 1.</summary>
    public const int Server2008R2 = 7601;

    /// <summary>Windows Server 2012.</summary>
    public const int Server2012 = 9200;

    /// <summary>Windows Server 2012 R2.</summary>
    public const int Server2012R2 = 9600;

    /// <summary>Windows Server 2016.</summary>
    public const int Server2016 = 14393;

    /// <summary>Those of the guide of October 2015.</summary>
    public static IReadOnlyList<int> Guide { get; } = [Server2008R2, Server2012, Server2012R2];

    /// <summary>Those of today: the types of operating systems of the Partner Center schema, and the releases after it.</summary>
    public static IReadOnlyList<int> Current { get; } =
    [
        Server2008R2,
        Server2012,
        Server2012R2,
        Server2016,
        17763, // 2019
        19041, // version 2004
        19042, // version 20H2
        20348, // 2022
        25398, // version 23H2
        26100, // 2025
    ];
}
