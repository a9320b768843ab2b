using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.Publishing;
using Marketplace.Publishing.Remote;
using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>
/// A task of the SDK: reads parameters, calls one service, logs coded diagnostics. Whatever happens becomes exactly one
/// coded error: a cancelled build is MKT5090, a defect of the SDK is MKT5099, and neither shows a stack trace.
/// </summary>
public abstract class VmImageTask : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private DiagnosticLogger? _diagnostics;

    /// <summary>Absolute path of the project: the file of diagnostics that are about no other.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    internal DiagnosticLogger Diagnostics => _diagnostics ??= new DiagnosticLogger(Log, ProjectFile);

    /// <summary>The folder relative paths start from.</summary>
    protected string ProjectDirectory => Path.GetDirectoryName(ProjectFile) ?? "";

    /// <inheritdoc />
    public void Cancel() => _cancellation.Cancel();

    /// <inheritdoc />
    public override bool Execute()
    {
        try
        {
            // MSBuild may run the task on a thread with a synchronization context (Visual Studio does).
            Task.Run(() => ExecuteAsync(_cancellation.Token)).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (_cancellation.IsCancellationRequested)
        {
            // A service that is stopped half-way may answer with any of its errors; the cause is the cancellation.
            Diagnostics.Error(SdkCodes.Cancelled, $"{GetType().Name} was cancelled. {WhatCancellationLeaves}");
            Diagnostics.Detail(exception.ToString());
        }
        catch (PublishingException exception)
        {
            Diagnostics.Error(exception.Code, exception.Message, exception.File);
            Diagnostics.Detail(exception.ToString());
        }
        catch (Exception exception)
        {
            Diagnostics.Error(
                SdkCodes.Unexpected,
                $"{GetType().Name} met an unexpected {exception.GetType().Name}: {exception.Message} This is a defect of Marketplace.Build.Sdk. "
                + "Build again with -v:detailed and report it to its developers with the messages around this one.");
            Diagnostics.Detail(exception.ToString());
        }

        return !Log.HasLoggedErrors;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>One sentence for the message of a cancelled task: what is left behind and how to go on.</summary>
    protected virtual string WhatCancellationLeaves => "Run the command again.";

    /// <summary>Does the work; logs what a person can act on.</summary>
    /// <param name="cancellationToken">Cancelled by Ctrl+C.</param>
    protected abstract Task ExecuteAsync(CancellationToken cancellationToken);

    /// <summary>Releases what the task holds.</summary>
    /// <param name="disposing">True from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cancellation.Dispose();
        }
    }

    /// <summary>The absolute form of a path as written in the project; the address of a blob stays as it is.</summary>
    /// <param name="path">A path, relative to the project or absolute.</param>
    protected string Absolute(string path) => RemoteDiskAddress.IsAddress(path) ? path : Path.GetFullPath(path, ProjectDirectory);

    /// <summary>Writes a file of the build output; a failure is one coded error.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="write">Writes the file.</param>
    /// <returns>Whether it was written.</returns>
    private protected bool TryWrite(string path, Action<string> write)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            write(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Error(SdkCodes.OutputFile, $"The file cannot be written: {exception.Message} Check free space and permissions of its folder.", path);
            return false;
        }
    }
}
