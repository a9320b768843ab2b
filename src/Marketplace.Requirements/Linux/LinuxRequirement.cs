using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>A requirement about the files of a Linux system.</summary>
internal abstract class LinuxRequirement : Requirement
{
    public sealed override CheckResult Check(ImageContext context)
    {
        if (context.RequireFamily() != OSFamily.Linux)
        {
            return CheckResult.NotApplicable("the image is not a Linux image");
        }

        return CheckSystem(context.RequireOSDisk().Path, context.RequireLinux());
    }

    /// <summary>Checks the system.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="system">The system.</param>
    internal abstract CheckResult CheckSystem(string disk, LinuxSystem system);
}
