using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>The last lines an operator logged, for the messages of failed tests.</summary>
internal sealed class LogTail : ILoggerProvider, ILogger
{
    private const int Length = 40;

    private readonly ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Tail => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {formatter(state, exception)} {exception}");
        if (_lines.Count > Length)
        {
            _lines.TryDequeue(out _);
        }
    }

    public void Dispose()
    {
    }
}
