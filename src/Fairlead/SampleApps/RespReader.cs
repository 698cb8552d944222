using System.Globalization;
using System.Text;

namespace Fairlead.SampleApps;

/// <summary>Reads what is sent in Redis' protocol (RESP 2): commands of clients, and a server's answers.</summary>
internal sealed class RespReader(Stream stream) : IDisposable
{
    /// <summary>Limits of a demonstration's values, not of the protocol: what a stranger sends must not fill the memory.</summary>
    private const int MaxParts = 16;
    private const int MaxLength = 64 * 1024;

    private readonly BufferedStream _stream = new(stream);

    /// <summary>A command's name and arguments; null when the client has left.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public async Task<IReadOnlyList<string>?> ReadCommandAsync(CancellationToken cancellationToken)
    {
        if (await ReadLineAsync(cancellationToken).ConfigureAwait(false) is not { } line)
        {
            return null;
        }

        if (!line.StartsWith('*'))
        {
            // As people type it.
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.Length > 0 ? words : await ReadCommandAsync(cancellationToken).ConfigureAwait(false);
        }

        var parts = new string[Count(line, 1, MaxParts)];
        for (var i = 0; i < parts.Length; i++)
        {
            var head = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            parts[i] = head?.StartsWith('$') == true ? await ReadTextAsync(head, cancellationToken).ConfigureAwait(false) : throw new FormatException("A command is made of texts.");
        }

        return parts;
    }

    /// <summary>An answer as text, whatever its type.</summary>
    /// <exception cref="IOException">The server has left, or refuses the command.</exception>
    /// <exception cref="FormatException">It is no answer that commands of ours get.</exception>
    public async Task<string> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        var line = await ReadLineAsync(cancellationToken).ConfigureAwait(false) ?? throw new IOException("The database closed the connection.");
        return line[..Math.Min(1, line.Length)] switch
        {
            "+" or ":" => line[1..],
            "-" => throw new IOException($"The database refuses: {line[1..]}"),
            "$" when line == "$-1" => "",
            "$" => await ReadTextAsync(line, cancellationToken).ConfigureAwait(false),
            _ => throw new FormatException("The database answers in another protocol."),
        };
    }

    public void Dispose() => _stream.Dispose();

    private static int Count(string line, int min, int max) =>
        int.TryParse(line.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= min && count <= max
            ? count
            : throw new FormatException($"'{line[0]}' is followed by a number from {min} to {max}.");

    private async Task<string> ReadTextAsync(string head, CancellationToken cancellationToken)
    {
        var bytes = new byte[Count(head, 0, MaxLength) + 2];
        await _stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(bytes, 0, bytes.Length - 2);
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>(32);
        var one = new byte[1];
        while (await _stream.ReadAsync(one, cancellationToken).ConfigureAwait(false) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(line.Count < MaxLength ? one[0] : throw new FormatException("A line is too long."));
        }

        return null;
    }
}
