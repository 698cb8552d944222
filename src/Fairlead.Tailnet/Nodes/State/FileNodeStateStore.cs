using System.Text.Json;

namespace Fairlead.Tailnet.Nodes.State;

/// <summary>
/// Keeps the state in one JSON file that its owner alone can read, in the form of tailscaled's state file. A write replaces the whole file
/// at once, so that a crash leaves the state before or after it.
/// </summary>
/// <param name="path">The file; its directory is made when first written.</param>
public sealed class FileNodeStateStore(string path) : INodeStateStore, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path = Path.GetFullPath(path);
    private readonly SemaphoreSlim _lock = new(1, 1);
    private Dictionary<string, byte[]>? _values;

    public async ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return (_values ??= await LoadAsync(cancellationToken).ConfigureAwait(false)).GetValueOrDefault(key);
        }
        finally
        {
            _lock.Release();
        }
    }

    public async ValueTask WriteAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var state = new Dictionary<string, byte[]>(_values ?? await LoadAsync(cancellationToken).ConfigureAwait(false), StringComparer.Ordinal);
            foreach (var (key, value) in values)
            {
                if (value is null)
                {
                    state.Remove(key);
                }
                else
                {
                    state[key] = value;
                }
            }

            await SaveAsync(state, cancellationToken).ConfigureAwait(false);
            _values = state;
        }
        finally
        {
            _lock.Release();
        }
    }

    public void Dispose() => _lock.Dispose();

    private async Task<Dictionary<string, byte[]>> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stream = File.OpenRead(_path);
            await using (stream.ConfigureAwait(false))
            {
                var values = await JsonSerializer.DeserializeAsync(stream, NodeStateJson.Default.DictionaryStringByteArray, cancellationToken).ConfigureAwait(false);
                return values ?? [];
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException e)
        {
            // The exception's own text may quote the file.
            throw new NodeStateException($"The state file {_path} is damaged at line {e.LineNumber + 1}; restore it, or remove it to register the node anew.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeStateException($"The state file {_path} cannot be read: {e.Message}", e);
        }
    }

    private async Task SaveAsync(Dictionary<string, byte[]> values, CancellationToken cancellationToken)
    {
        var temporary = $"{_path}.new";
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_path)!, OwnerOnly | UnixFileMode.UserExecute);
            }

            // One left by a crash may have another mode.
            File.Delete(temporary);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            var stream = new FileStream(temporary, options);
            await using (stream.ConfigureAwait(false))
            {
                await JsonSerializer.SerializeAsync(stream, values, NodeStateJson.Default.DictionaryStringByteArray, cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeStateException($"The state file {_path} cannot be written: {e.Message}", e);
        }
    }
}
