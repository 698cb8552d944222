using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace Fairlead.SampleApps;

/// <summary>
/// A small key-value database for demonstrations, in memory. It speaks as much of Redis' protocol (RESP 2) as <c>redis-cli</c> needs for
/// GET, SET, INCR, DEL and PING.
/// </summary>
internal sealed class SampleDatabase
{
    /// <summary>The port that Redis clients expect.</summary>
    public const int Port = 6379;

    private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Answers one client until it leaves.</summary>
    public async Task ServeAsync(Stream client, CancellationToken cancellationToken)
    {
        await using (client.ConfigureAwait(false))
        {
            try
            {
                using var commands = new RespReader(client);
                while (await commands.ReadCommandAsync(cancellationToken).ConfigureAwait(false) is { } command)
                {
                    await client.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Answer(command)), cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or FormatException)
            {
                // One client's trouble, which it has noticed.
            }
        }
    }

    private string Answer(IReadOnlyList<string> command) => (command[0].ToUpperInvariant(), command.Count) switch
    {
        ("PING", 1) => "+PONG\r\n",
        ("GET", 2) => _values.TryGetValue(command[1], out var value) ? Text(value) : "$-1\r\n",
        ("SET", 3) => Set(command[1], command[2]),
        ("DEL", 2) => _values.TryRemove(command[1], out _) ? ":1\r\n" : ":0\r\n",
        ("INCR", 2) => Increment(command[1]),
        (var name, _) => $"-ERR '{name}' is not known with {command.Count - 1} arguments; there are PING, GET, SET, DEL and INCR\r\n",
    };

    private static string Text(string value) => $"${System.Text.Encoding.UTF8.GetByteCount(value)}\r\n{value}\r\n";

    private string Set(string key, string value)
    {
        _values[key] = value;
        return "+OK\r\n";
    }

    private string Increment(string key)
    {
        while (true)
        {
            var before = _values.GetOrAdd(key, "0");
            if (!long.TryParse(before, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number == long.MaxValue)
            {
                return "-ERR value is not an integer or out of range\r\n";
            }

            var after = (number + 1).ToString(CultureInfo.InvariantCulture);
            if (_values.TryUpdate(key, after, before))
            {
                return $":{after}\r\n";
            }
        }
    }
}
