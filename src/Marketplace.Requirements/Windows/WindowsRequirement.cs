using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>A requirement about the files of a Windows system.</summary>
internal abstract class WindowsRequirement : Requirement
{
    public sealed override CheckResult Check(ImageContext context)
    {
        if (context.RequireFamily() != OSFamily.Windows)
        {
            return CheckResult.NotApplicable("the image is not a Windows image");
        }

        return CheckSystem(context.RequireOSDisk().Path, context.RequireWindows());
    }

    /// <summary>Checks the system.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="system">The system.</param>
    internal abstract CheckResult CheckSystem(string disk, WindowsSystem system);
}
