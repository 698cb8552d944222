using System.Globalization;
using System.Text;

namespace Fairlead.Kubernetes.Tests.Observability;

/// <summary>One line of an exposition, read back as a scraper would.</summary>
internal sealed record PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>Fails the test on anything a strict scraper would refuse.</summary>
    public static List<PrometheusSample> ParseAll(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var samples = new List<PrometheusSample>();
        var types = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                Assert.True(types.TryAdd(words[2], words[3]), $"{words[2]} is described twice");
            }
            else if (!line.StartsWith('#'))
            {
                var sample = Parse(line);
                Assert.Contains(types.Keys, type => sample.Name.StartsWith(type, StringComparison.Ordinal));
                Assert.DoesNotContain(samples, other => other.Name == sample.Name && other.Labels.OrderBy(l => l.Key).SequenceEqual(sample.Labels.OrderBy(l => l.Key)));
                samples.Add(sample);
            }
        }

        return samples;
    }

    private static PrometheusSample Parse(string line)
    {
        var labels = new Dictionary<string, string>();
        var position = line.IndexOfAny(['{', ' ']);
        var name = line[..position];
        Assert.Matches("^[a-zA-Z_][a-zA-Z0-9_]*$", name);
        if (line[position] == '{')
        {
            while (line[position] != '}')
            {
                var equals = line.IndexOf("=\"", ++position, StringComparison.Ordinal);
                var label = line[position..equals];
                Assert.Matches("^[a-zA-Z_][a-zA-Z0-9_]*$", label);
                labels.Add(label, Unquote(line, equals + 2, out position));
            }

            position++;
        }

        var number = line[(position + 1)..];
        var value = number switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => double.Parse(number, CultureInfo.InvariantCulture) };
        return new PrometheusSample(name, labels, value);
    }

    private static string Unquote(string line, int start, out int next)
    {
        var text = new StringBuilder();
        var i = start;
        for (; line[i] != '"'; i++)
        {
            text.Append(line[i] != '\\' ? line[i] : line[++i] == 'n' ? '\n' : line[i]);
        }

        next = i + 1;
        return text.ToString();
    }
}
