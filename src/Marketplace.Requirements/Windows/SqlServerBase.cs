using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3002: SQL Server comes with the base image.</summary>
internal sealed class SqlServerBase : WindowsRequirement
{
    public override string Id => "MKT3002";

    public override string Title => "SQL Server comes with the base image";

    public override string Section => "3.1";

    public override Criterion Guide { get; } = new(Severity.Error, "SQL Server is not installed by hand: the image is built from a base image of SQL Server 2012 SP2 or 2014, Enterprise, Standard or Web", "Guide, 3.1");

    public override Criterion Current { get; } = new(Severity.Error, "SQL Server is not installed by hand: the image is built from a base image of SQL Server", "VM certification FAQ (2022); Create a VM from an approved base (2021)");

    public override string Why => "The licence of SQL Server is paid by the hour only when the base image has it";

    public override string Remedy => "build the image from a SQL Server image of the Marketplace, or leave SQL Server out and use a database of the customer";

    public override bool NewestWins => true;

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        string? sign = system.SqlInstances.Count > 0 ? FindSign(system) : null;
        return CheckResult.From([.. system.SqlInstances.Select(instance => Judge(disk, instance, sign))]);
    }

    private static Observation Judge(string disk, SqlInstance instance, string? sign)
    {
        string name = $"the instance {Evidence.Quote(instance.Name)} of SQL Server ({(instance.Edition.Length > 0 ? Evidence.Quote(instance.Edition) : "edition not known")}{(instance.Version.Length > 0 ? ", " + Evidence.Quote(instance.Version) : "")})";
        (string text, Severity severity) = instance.IsExpress
            ? ("is free, but the FAQ allows no SQL Server that was installed by hand: ask Microsoft for approval", Severity.Warning)
            : sign is not null
                ? ($"seems to come with a base image of the platform, which has {sign}; that it does cannot be proved from the disk", Severity.Info)
                : ("was installed by hand: the disk has no sign of a base image of SQL Server", Severity.Error);
        return new Observation(disk, $"{name} {text}")
        {
            PathInDisk = WindowsSystem.SoftwarePath,
            Evidence = SqlInstance.KeyPath,
            Guide = severity,
            Current = severity,
        };
    }

    // The base images keep their setup files on C: (SQL Server on Azure VMs, frequently asked questions), and have the service of the extension.
    private static string? FindSign(WindowsSystem system) =>
        system.Tree.List("/").FirstOrDefault(IsSetupFolder) is { } folder ? $"the setup files in C:\\{Evidence.Quote(folder)}"
        : system.FindService("SQLIaaSExtension") is not null ? "the service SQLIaaSExtension"
        : null;

    private static bool IsSetupFolder(string name) =>
        name.StartsWith("SQLServer", StringComparison.OrdinalIgnoreCase) && name.EndsWith("Full", StringComparison.OrdinalIgnoreCase);
}
