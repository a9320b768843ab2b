using System.Xml;
using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>A task of the Task Scheduler: an XML file below \Windows\System32\Tasks (Task Scheduler schema, version 1.2).</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="IsEnabled">Whether the task can start.</param>
/// <param name="StartsAtBoot">Whether one of its triggers is the start of the machine.</param>
/// <param name="DeletesItself">Whether the scheduler deletes the task after it has expired, or one of its actions does.</param>
/// <param name="Actions">The words of its actions: programs, arguments, directories.</param>
internal sealed record ScheduledTask(string Path, bool IsEnabled, bool StartsAtBoot, bool DeletesItself, IReadOnlyList<string> Actions)
{
    /// <summary>Where the tasks are.</summary>
    public const string Directory = "/Windows/System32/Tasks";

    private const int MaxFileSize = 1 << 20; // those of Windows have a few KiB
    private const int MaxTasks = 8192; // Windows has some 200
    private const int MaxDepth = 32;

    /// <summary>Whether it belongs to Windows itself.</summary>
    public bool IsOfWindows => Path.StartsWith(Directory + "/Microsoft/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Every task that the scheduler could load; files that are no tasks are left out, as it does.</summary>
    /// <exception cref="DiskFormatException">A file cannot be read, or there are too many.</exception>
    public static IReadOnlyList<ScheduledTask> ReadAll(FileTree tree)
    {
        List<ScheduledTask> tasks = [];
        Stack<(string Path, int Depth)> pending = new([(Directory, 0)]);
        int seen = 0;
        while (pending.TryPop(out (string Path, int Depth) directory))
        {
            foreach (string name in tree.List(directory.Path))
            {
                string path = directory.Path + "/" + name;
                if (++seen > MaxTasks || directory.Depth > MaxDepth)
                {
                    throw new DiskFormatException(DiskFormatErrorKind.Unsupported, FileName.ToDisplay(directory.Path), -1, $"there are more than {MaxTasks} tasks, or more than {MaxDepth} directories in each other");
                }

                FileKind? kind = tree.LinkStat(path)?.Kind;
                if (kind == FileKind.Directory)
                {
                    pending.Push((path, directory.Depth + 1));
                }
                else if (kind == FileKind.Regular && WindowsText.Read(tree, path, MaxFileSize) is { } text && Parse(path, text) is { } task)
                {
                    tasks.Add(task);
                }
            }
        }

        return tasks;
    }

    /// <summary>Parses the XML; null when it is no task.</summary>
    public static ScheduledTask? Parse(string path, string text)
    {
        try
        {
            return ReadTask(path, text);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static ScheduledTask? ReadTask(string path, string text)
    {
        // The encoding in the declaration no longer holds; documents with types are refused.
        using XmlReader reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true });
        List<string> parents = [];
        List<string> actions = [];
        bool enabled = true;
        bool boot = false;
        bool expires = false;
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                parents.RemoveRange(Math.Min(reader.Depth, parents.Count), parents.Count - Math.Min(reader.Depth, parents.Count));
                parents.Add(reader.LocalName);
                boot |= parents is ["Task", "Triggers", "BootTrigger"];
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                string value = reader.Value.Trim();
                parents.RemoveRange(Math.Min(reader.Depth, parents.Count), parents.Count - Math.Min(reader.Depth, parents.Count));
                enabled &= parents is not ["Task", "Settings", "Enabled"] || value is "true" or "1";
                expires |= parents is ["Task", "Settings", "DeleteExpiredTaskAfter"];
                if (parents is ["Task", "Actions", "Exec", "Command" or "Arguments" or "WorkingDirectory"])
                {
                    actions.Add(value);
                }
            }
        }

        bool deletes = expires || actions.Any(action => action.Contains("Unregister-ScheduledTask", StringComparison.OrdinalIgnoreCase) ||
            (action.Contains("/delete", StringComparison.OrdinalIgnoreCase) && string.Join(' ', actions).Contains("schtasks", StringComparison.OrdinalIgnoreCase)));
        return parents is ["Task", ..] ? new ScheduledTask(path, enabled, boot, deletes, actions) : null;
    }
}
