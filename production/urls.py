"""Addresses of production."""

from django.urls import URLPattern, URLResolver, include, path

from production.views import (
    alert,
    alert_budget,
    capability,
    control,
    help_note,
    home,
    importing,
    judgement,
    report,
    series,
    start,
    territory,
    workplace,
)

reports: list[URLPattern | URLResolver] = [
    path("", report.report_today, name="report_today"),
    path("place/<uuid:uuid>/", report.report_place, name="report_place"),
    path("place/<uuid:uuid>/stoppage/", report.report_stoppage, name="report_stoppage"),
    path("place/<uuid:uuid>/figure/<uuid:series>/", report.report_figure, name="report_figure"),
    path("<uuid:uuid>/", report.show_report, name="report"),
    path("<uuid:uuid>/sent/", report.report_sent, name="report_sent"),
    path("<uuid:uuid>/correct/", report.report_correct, name="report_correct"),
    path("<uuid:uuid>/undo/", report.report_undo, name="report_undo"),
]
workplaces: list[URLPattern | URLResolver] = [
    path("<uuid:uuid>/", workplace.workplace, name="workplace"),
    path("<uuid:uuid>/figures/", series.workplace_series, name="workplace_series"),
]
figures: list[URLPattern | URLResolver] = [
    path("<uuid:uuid>/", series.series_history, name="series_history"),
    path("<uuid:uuid>/capability/", capability.series_capability, name="series_capability"),
    path("<uuid:uuid>/judgement/", judgement.series_judgement, name="series_judgement"),
    path("<uuid:uuid>/share/", series.series_share, name="series_share"),
    path("<uuid:uuid>/end/", series.series_end, name="series_end"),
    path("<uuid:uuid>/move/", series.series_move, name="series_move"),
]
nation: list[URLPattern | URLResolver] = [
    path("", control.control, name="control"),
    path("board/", control.control_board, name="control_board"),
    path("stream/", control.control_stream, name="control_stream"),
]
alerts: list[URLPattern | URLResolver] = [
    path("", alert.list_alerts, name="alerts"),
    path("raise/<uuid:uuid>/", alert.raise_alert, name="alert_raise"),
    path("budget/<uuid:uuid>/", alert_budget.show_budget, name="alert_budget"),
    path("help/<uuid:uuid>/", help_note.help_note, name="help_note"),
    path("<uuid:uuid>/", alert.show_alert, name="alert"),
    path("<uuid:uuid>/acknowledge/", alert.acknowledge, name="alert_acknowledge"),
    path("<uuid:uuid>/answer/", alert.answer, name="alert_answer"),
    path("<uuid:uuid>/help/", alert.ask_help, name="alert_help"),
    path("<uuid:uuid>/settle/", alert.settle, name="alert_settle"),
    path("<uuid:uuid>/up/", alert.up, name="alert_up"),
    path("<uuid:uuid>/extend/", alert.extend, name="alert_extend"),
    path("<uuid:uuid>/decide/", alert.decide, name="alert_decide"),
    path("<uuid:uuid>/reply/", alert.reply, name="alert_reply"),
    path("<uuid:uuid>/lines/<uuid:entry>/mark/", alert.mark, name="alert_mark"),
    path("<uuid:uuid>/motions/<uuid:motion>/confirm/", alert.confirm, name="alert_confirm"),
]

imports: list[URLPattern | URLResolver] = [
    path("", importing.import_reports, name="import_reports"),
    path("<uuid:uuid>/", importing.import_batch, name="import_batch"),
    path("<uuid:uuid>/store/", importing.import_store, name="import_store"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("start/", start.start, name="start"),
    path("report/", include(reports)),
    path("import/", include(imports)),
    path("workplaces/", include(workplaces)),
    path("figures/", include(figures)),
    path("cordones/<uuid:uuid>/", territory.cordon, name="cordon"),
    path("territories/<uuid:uuid>/", territory.territory, name="territory"),
    path("control/", include(nation)),
    path("alerts/", include(alerts)),
]
