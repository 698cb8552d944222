using System.Globalization;
using System.Text;

namespace Fairlead.Kubernetes.Observability;

/// <summary>Prometheus' text exposition format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string MetricName(string name, string? unit, MetricKind kind)
    {
        var text = LabelName(name);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            _ => "",
        };
        if (!text.EndsWith(suffix, StringComparison.Ordinal))
        {
            text += suffix;
        }

        return kind == MetricKind.Counter && !text.EndsWith("_total", StringComparison.Ordinal) ? text + "_total" : text;
    }

    /// <summary>Letters, digits and underscores, not beginning with a digit.</summary>
    public static string LabelName(string name)
    {
        var text = string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
            }
        });
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    /// <summary>One metric with all its series; nothing when it has none.</summary>
    public static void Write(StringBuilder text, string name, string help, MetricKind kind, double[] bounds, IReadOnlyCollection<MetricSeries> series)
    {
        if (series.Count == 0)
        {
            return;
        }

        text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');
        foreach (var one in series)
        {
            if (kind == MetricKind.Histogram)
            {
                WriteHistogram(text, name, bounds, one);
            }
            else
            {
                WriteSample(text, name, "", one.Tags, null, one.Value);
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, double[] bounds, MetricSeries series)
    {
        var (cumulative, count, sum) = series.Histogram();
        for (var i = 0; i < bounds.Length; i++)
        {
            WriteSample(text, name, "_bucket", series.Tags, Number(bounds[i]), cumulative[i]);
        }

        WriteSample(text, name, "_bucket", series.Tags, "+Inf", count);
        WriteSample(text, name, "_sum", series.Tags, null, sum);
        WriteSample(text, name, "_count", series.Tags, null, count);
    }

    private static void WriteSample(StringBuilder text, string name, string suffix, TagSet tags, string? upperBound, double value)
    {
        text.Append(name).Append(suffix);
        var separator = '{';
        foreach (var (key, tag) in tags.Tags)
        {
            text.Append(separator).Append(LabelName(key)).Append("=\"");
            AppendEscaped(text, tag);
            text.Append('"');
            separator = ',';
        }

        if (upperBound is not null)
        {
            text.Append(separator).Append("le=\"").Append(upperBound).Append('"');
            separator = ',';
        }

        text.Append(separator == '{' ? " " : "} ").Append(Number(value)).Append('\n');
    }

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(character),
            };
        }
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
