"""The one style sheet, made from the tokens of a theme.

Widgets say what they are by dynamic properties, and the sheet says how that looks:

- ``card``: a panel with a thin line and rounded corners (QFrame); ``rule``: a thin line across it (QFrame); ``plain``:
  what lies in a scroll area without a colour of its own (QWidget);
- ``stem``: the thin line along nested rows (QFrame); ``dot``: the mark of a changed field; ``more``: what unfolds rows;
- ``role``: of a QLabel: ``dim``, ``caption``, ``small``, ``title``, ``wrong``, ``pending``, ``pill``, ``key``,
  ``equation``;
- ``arrow``: the way back to a default; ``file``: one that can be opened, or is missing; ``beside``: words beside an
  icon, after which Qt itself leaves the room of two spaces (QToolButton);
- ``primary``: the one coloured button; ``flat``: a button without a box; ``chip``: a small round one;
  ``link``: words in the colour of what is wrong that lead there;
  ``narrow``: one with little beside its words;
- ``figure``: a line that looks like a label until it is used; ``wrong``: one whose value is refused (QLineEdit).
"""

from __future__ import annotations

from workbench.theme import fonts
from workbench.theme.tokens import Tokens, blend


def stylesheet(tokens: Tokens, images: str) -> str:
    """Return the style sheet.

    Args:
        tokens: the colours.
        images: folder with ``down.png``, ``up.png``, ``right.png``, ``left.png``, ``check.png``, ``tick.png``,
            ``close.png`` and ``dock.png`` in the colours of the theme, 12 pixels of the design wide; forward slashes.
    """
    t = tokens
    px = fonts.pixels
    hover = blend(t.text, t.raised, 0.06)
    pressed = blend(t.text, t.raised, 0.12)
    chosen = blend(t.accent, t.panel, 0.16)
    faint = blend(t.dim, t.panel, 0.55)
    primary_hover = blend(t.text, t.accent, 0.14)
    quiet_accent = blend(t.accent, t.panel, 0.45)
    quiet_words = blend(t.text, quiet_accent, 0.7)
    grip = blend(t.dim, t.panel, 0.45)
    circle = px(16)
    ring = (circle - px(6)) // 2
    return f"""
QMainWindow, QDialog {{ background: {t.window}; }}
QDockWidget {{ border: 1px solid {t.line}; titlebar-close-icon: url("{images}/close.png");
    titlebar-normal-icon: url("{images}/dock.png"); }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QLabel {{ background: transparent; }}
QLabel[role="dim"] {{ color: {t.dim}; }}
QLabel[role="caption"] {{ color: {t.dim}; font-size: {px(fonts.CAPTION)}px; }}
QLabel[role="small"] {{ color: {t.dim}; font-size: {px(fonts.SMALL)}px; }}
QLabel[role="title"] {{ color: {t.text}; font-size: {px(fonts.TITLE)}px; font-weight: 600; }}
QLabel[role="key"] {{ color: {t.text}; background: {t.raised}; border: 1px solid {t.line}; border-radius: 4px;
    padding: 1px 6px; font-size: {px(fonts.CAPTION)}px; font-weight: 600; }}
QLabel[role="wrong"] {{ color: {t.wrong}; font-size: {px(fonts.CAPTION)}px; }}
QLabel[role="pill"] {{ color: {t.right}; border: 1px solid {t.right}; border-radius: 4px; padding: 0px 4px;
    font-size: {px(10)}px; }}
QLabel[role="pending"] {{ color: {t.validation}; font-size: {px(fonts.SMALL)}px; }}
QLabel[role="equation"] {{ color: {t.text}; background: {t.raised}; border-radius: 6px; padding: 8px 10px;
    font-family: "{fonts.SERIF}"; font-size: {px(fonts.EQUATION)}px; }}

QFrame[card="true"] {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[rule="true"] {{ background: {t.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[stem="true"] {{ background: {t.line}; border: none; min-width: 2px; max-width: 2px; }}
QScrollArea, QScrollArea > QWidget > QWidget[plain="true"] {{ background: transparent; border: none; }}
QMainWindow::separator {{ width: 8px; height: 8px; background: transparent; image: none; }}
QMainWindow::separator:hover {{ background: {t.line}; }}
QSplitter::handle {{ background: transparent; image: none; }}
QSplitter::handle:horizontal {{ width: 8px; }}
QSplitter::handle:vertical {{ height: 8px; }}

QPushButton, QToolButton {{ color: {t.text}; background: {t.raised}; border: 1px solid {t.line}; border-radius: 6px;
    padding: 6px 12px; }}
QToolButton {{ padding: 6px; }}
QPushButton:hover, QToolButton:hover {{ background: {hover}; }}
QPushButton:pressed, QToolButton:pressed, QToolButton:checked {{ background: {pressed}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.accent}; padding: 5px 11px; }}
QToolButton:focus {{ padding: 5px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {faint}; background: {t.panel}; border-color: {t.line}; }}
QPushButton[primary="true"], QToolButton[primary="true"] {{ color: {t.on_accent}; background: {t.accent};
    border: 1px solid {t.accent}; font-weight: 600; padding: 6px 16px; }}
QPushButton[primary="true"]:hover, QToolButton[primary="true"]:hover {{ background: {primary_hover}; }}
QPushButton[primary="true"]:focus, QToolButton[primary="true"]:focus {{ border: 2px solid {t.text};
    padding: 5px 15px; }}
QPushButton[primary="true"]:disabled, QToolButton[primary="true"]:disabled {{ color: {quiet_words};
    background: {quiet_accent}; border-color: {quiet_accent}; }}
QPushButton[flat="true"], QToolButton[flat="true"] {{ color: {t.dim}; background: transparent;
    border: 1px solid transparent; padding: 4px; }}
QPushButton[flat="true"]:hover, QToolButton[flat="true"]:hover {{ color: {t.text}; background: {hover}; }}
QPushButton[flat="true"]:focus, QToolButton[flat="true"]:focus {{ border: 2px solid {t.accent}; padding: 3px; }}
QPushButton[flat="true"]:disabled, QToolButton[flat="true"]:disabled {{ color: {faint}; background: transparent; }}
QToolButton[link="wrong"] {{ color: {t.wrong}; background: transparent; border: 1px solid transparent;
    padding: 4px; text-decoration: underline; font-size: {px(fonts.CAPTION)}px; }}
QToolButton[link="wrong"]:hover {{ color: {t.text}; background: {hover}; }}
QToolButton[link="wrong"]:focus {{ border: 2px solid {t.accent}; padding: 3px; }}
QPushButton[chip="true"], QToolButton[chip="true"] {{ color: {t.dim}; border-radius: {px(10)}px;
    padding: {px(2)}px 10px; font-size: {px(fonts.CAPTION)}px; background: transparent; }}
QPushButton[chip="true"]:hover, QToolButton[chip="true"]:hover {{ color: {t.text}; background: {hover}; }}
QPushButton[chip="true"]:checked, QToolButton[chip="true"]:checked {{ color: {t.text}; background: {chosen};
    border-color: {t.accent}; }}
QPushButton[chip="true"]:focus, QToolButton[chip="true"]:focus {{ border: 2px solid {t.accent};
    padding: {px(2) - 1}px 9px; }}
QPushButton[chip="true"]:disabled, QToolButton[chip="true"]:disabled {{ color: {faint}; background: transparent;
    border-color: {t.line}; }}
QToolButton[beside="true"] {{ padding-right: 1px; }}
QToolButton[beside="true"]:focus {{ padding-right: 0px; }}
QToolButton[file="true"] {{ color: {t.text}; }}
QToolButton[file="true"]:disabled {{ color: {t.dim}; }}
QToolButton[narrow="true"] {{ padding: {px(2)}px 5px; }}
QToolButton[narrow="true"]:focus {{ padding: {px(2) - 1}px 4px; }}
QToolButton[dot="true"], QToolButton[dot="true"]:hover {{ padding: 0px; border: none; background: transparent; }}
QToolButton[arrow="true"] {{ padding: 0px; border: none; border-radius: 4px; background: {t.panel}; }}
QToolButton[arrow="true"]:hover {{ background: {hover}; }}
QToolButton[more="true"] {{ color: {t.dim}; background: transparent; border: 1px solid transparent;
    padding: 1px 4px 1px 0px; font-size: {px(fonts.CAPTION)}px; }}
QToolButton[more="true"]:hover {{ color: {t.text}; }}
QToolButton[more="true"]:focus {{ border: 2px solid {t.accent}; padding: 0px 3px 0px 0px; }}
QToolButton::menu-indicator {{ image: none; }}

QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit, QComboBox {{ color: {t.text}; background: {t.raised};
    border: 1px solid {t.line}; border-radius: 6px; padding: 3px 8px; min-height: {px(20)}px;
    selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus {{
    border: 2px solid {t.accent}; padding: 2px 7px; }}
QLineEdit {{ padding: 3px 6px; }}
QLineEdit:focus, QLineEdit[wrong="true"] {{ padding: 2px 5px; }}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{ color: {faint}; }}
QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 2px solid {t.wrong}; }}
QComboBox[wrong="true"] {{ padding: 2px 7px; }}
QLineEdit[figure="true"] {{ background: transparent; border: 1px solid transparent; padding: 3px 1px; }}
QLineEdit[figure="true"]:hover {{ border: 1px solid {t.line}; }}
QLineEdit[figure="true"]:focus {{ background: {t.raised}; border: 2px solid {t.accent}; padding: 2px 0px; }}
QLineEdit[figure="true"][wrong="true"] {{ border: 2px solid {t.wrong}; padding: 2px 0px; }}
QComboBox::drop-down {{ border: none; width: {px(20)}px; }}
QComboBox::down-arrow {{ image: url("{images}/down.png"); width: {px(12)}px; height: {px(12)}px; }}
QComboBox QAbstractItemView {{ background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; padding: 4px;
    outline: none; selection-background-color: {chosen}; selection-color: {t.text}; }}
QComboBox QAbstractItemView::item {{ min-height: {px(24)}px; padding: 0px 6px; border-radius: 4px; }}
QComboBox QAbstractItemView::item:selected {{ background: {chosen}; color: {t.text}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 16px; background: transparent; }}
QAbstractSpinBox::up-arrow {{ image: url("{images}/up.png"); width: 10px; height: 10px; }}
QAbstractSpinBox::down-arrow {{ image: url("{images}/down.png"); width: 10px; height: 10px; }}
QCheckBox, QRadioButton {{ spacing: 8px; border: 2px solid transparent; border-radius: 4px; padding: 1px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {t.accent}; }}
QCheckBox::indicator {{ width: {px(16)}px; height: {px(16)}px; border: 1px solid {t.dim}; border-radius: 4px;
    background: {t.raised}; }}
QRadioButton::indicator {{ width: {circle - 2}px; height: {circle - 2}px; border: 1px solid {t.dim};
    border-radius: {circle // 2}px; background: {t.raised}; }}
QRadioButton::indicator:checked {{ border: {ring}px solid {t.accent}; width: {circle - 2 * ring}px;
    height: {circle - 2 * ring}px; background: {t.on_accent}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: url("{images}/check.png"); }}

QSlider {{ min-height: {px(22)}px; background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.line}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {quiet_accent}; }}
QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: {t.accent};
    border: 1px solid {t.panel}; }}
QSlider::handle:horizontal:focus {{ background: {t.accent}; border: 2px solid {t.text}; width: 12px; height: 12px; }}
QSlider:focus {{ border: none; }}
QSlider::handle:horizontal:hover {{ background: {primary_hover}; }}
QSlider::handle:horizontal:disabled {{ background: {grip}; }}
QSlider::sub-page:horizontal:disabled {{ background: {t.line}; }}

QTabWidget::pane {{ border: none; border-top: 1px solid {t.line}; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
QTabBar::tab {{ color: {t.dim}; background: transparent; border: none; border-bottom: 2px solid transparent;
    padding: 8px 12px; }}
QTabBar::tab:hover {{ color: {t.text}; }}
QTabBar::tab:selected {{ color: {t.text}; font-weight: 600; border-bottom: 2px solid {t.accent}; }}
QTabBar::tab:focus {{ color: {t.accent}; border: 2px solid {t.accent}; border-radius: 6px;
    padding: 6px 10px 8px 10px; }}
QTabBar::scroller {{ width: {px(18)}px; }}
QTabBar::tear {{ width: 0px; border: none; }}
QTabBar QToolButton {{ background: {t.panel}; border: none; padding: 0px; }}
QTabBar QToolButton::left-arrow {{ image: url("{images}/left.png"); width: {px(12)}px; height: {px(12)}px; }}
QTabBar QToolButton::right-arrow {{ image: url("{images}/right.png"); width: {px(12)}px; height: {px(12)}px; }}

QProgressBar {{ min-height: 6px; max-height: 6px; }}

QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: 8px; }}
QScrollBar:horizontal {{ height: 8px; }}
QScrollBar::handle {{ background: {grip}; border-radius: 3px; margin: 1px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.dim}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QMenuBar {{ background: {t.panel}; color: {t.text}; padding: 2px 8px; }}
QMenuBar::item {{ background: transparent; padding: 5px 10px; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 16px 6px 12px; min-width: {px(170)}px; border-radius: 4px; }}
QMenu::item:selected {{ background: {chosen}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu {{ icon-size: {px(16)}px; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::indicator {{ width: {px(12)}px; height: {px(12)}px; padding-left: 8px; }}
QMenu::indicator:checked {{ image: url("{images}/tick.png"); }}
QMenu::right-arrow {{ image: url("{images}/right.png"); width: {px(12)}px; height: {px(12)}px; padding-right: 4px; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 6px 8px; }}
QToolBar {{ background: {t.panel}; border: none; border-bottom: 1px solid {t.line}; spacing: 8px; padding: 8px 12px; }}
QStatusBar {{ background: {t.panel}; color: {t.dim}; border-top: 1px solid {t.line}; }}
QStatusBar::item {{ border: none; }}

QListView, QTreeView, QTableView {{ background: transparent; border: none; outline: none; }}
QTreeView::item, QTableView::item {{ padding: 3px 6px; border: none; }}
QTreeView::item:selected, QTableView::item:selected {{ background: {chosen}; color: {t.text}; }}
QFileDialog QListView::item:selected {{ background: {chosen}; color: {t.text}; }}
QFileDialog {{ min-width: 720px; min-height: 420px; }}
QFileDialog QListView#sidebar {{ min-width: {px(120)}px; }}
QTableView {{ gridline-color: {t.line}; }}
QHeaderView::section {{ background: {t.panel}; color: {t.dim}; border: none; border-bottom: 1px solid {t.line};
    padding: 4px 6px; }}
"""
