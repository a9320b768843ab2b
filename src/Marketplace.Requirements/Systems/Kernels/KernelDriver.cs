using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Kernels;

/// <summary>How a kernel has a driver.</summary>
internal enum DriverForm
{
    /// <summary>It could not be told.</summary>
    Unknown,

    /// <summary>Not at all.</summary>
    Missing,

    /// <summary>As a module.</summary>
    Module,

    /// <summary>As a part of it.</summary>
    BuiltIn,
}

/// <summary>A driver that a system on Azure needs.</summary>
/// <param name="Name">The name of its module.</param>
/// <param name="Options">Its options, the newest name first.</param>
internal sealed record KernelDriver(string Name, params string[] Options)
{
    /// <summary>Every such driver.</summary>
    public static IReadOnlyList<KernelDriver> All { get; } =
    [
        // Since Linux 6.18 HYPERV is a switch and HYPERV_VMBUS the driver.
        new("hv_vmbus", "HYPERV_VMBUS", "HYPERV") { IsNeededForRoot = true },
        new("hv_storvsc", "HYPERV_STORAGE") { IsNeededForRoot = true },
        new("hv_netvsc", "HYPERV_NET"),
        new("hv_utils", "HYPERV_UTILS"),
        new("udf", "UDF_FS") { IsFileSystem = true },
        new("vfat", "VFAT_FS") { IsFileSystem = true },
    ];

    /// <summary>Whether the disk of the root cannot be seen before it is loaded.</summary>
    public bool IsNeededForRoot { get; private init; }

    /// <summary>Whether it is a file system.</summary>
    public bool IsFileSystem { get; private init; }

    /// <summary>How a kernel has the driver.</summary>
    /// <exception cref="CannotCheckException">The files that tell it are not there.</exception>
    /// <exception cref="DiskImages.DiskFormatException">They cannot be read.</exception>
    public DriverForm FormIn(FileTree tree, BootKernel kernel)
    {
        string option = kernel.Config is { } config ? Options.Select(name => config[name]).FirstOrDefault(value => value.Length > 0, "") : "";
        if (kernel.Modules?.IsBuiltIn(Name) == true || option == "y")
        {
            return DriverForm.BuiltIn;
        }

        if (kernel.Modules?.PathOf(Name) is { } path)
        {
            return tree.FileExists(path) || !IsRemoved(tree, kernel) ? DriverForm.Module : DriverForm.Missing;
        }

        if (kernel.Modules is { HasIndex: false })
        {
            throw new CannotCheckException($"{kernel.Modules.Directory} has no modules.dep, so its modules are not known");
        }

        return kernel.Config is null && kernel.Modules is { HasBuiltInList: false }
            ? throw new CannotCheckException($"whether the kernel {Evidence.Quote(kernel.Release)} has {Name} built in is not known: neither its configuration nor modules.builtin is on the disk")
            : DriverForm.Missing;
    }

    // A selection of files of a system, without its kernel, need not have the modules either: then modules.dep counts, unless others of the same kind are there.
    private bool IsRemoved(FileTree tree, BootKernel kernel) =>
        kernel.Path is not null
        || All.Where(driver => driver.IsFileSystem == IsFileSystem).Any(driver => kernel.Modules!.PathOf(driver.Name) is { } other && tree.FileExists(other));
}
