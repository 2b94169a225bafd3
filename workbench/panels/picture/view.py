"""The drawing on the screen: it is looked at, zoomed, pushed, and its layers are chosen, by mouse or by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from nncore.drawing import WEIGHTS, Draft, Drawing, Joint, Legend, Letters, Node, Words, legend_of_parts
from workbench.panels.picture.brushes import paint_glyph, paint_joint, paint_labels, paint_legend, text_width
from workbench.panels.picture.camera import MARGIN, Camera, centred, shifted
from workbench.panels.picture.sizes import Sizes
from workbench.panels.picture.tiles import Names, Tiles
from workbench.panels.picture.whole import Levels, Whole
from workbench.theme import blend, current, fill, fonts

Paint = Callable[[QPainter], None]
_PAD = 4.0  # around a piece, for the thickness of its lines
_NOTCH = 1.2  # a notch of the wheel makes larger by this factor
_FADE = 36.0  # pixels at an edge
_LEGIBLY, _WHOLE, _BY_HAND = "legibly", "whole", "by hand"  # what decides which part is seen


class PictureView(QWidget):
    """Shows a network.

    Attributes:
        drawing: the network with letters that can be read at the present scale; None while there is nothing to draw.
        chosen: the person chose a node; carries its row, 0 for the input.
        opened: the person wants the settings of the chosen node.
        pointed: gives the tooltip of a node; set by the owner.
        tiles: the painted pieces.
        words: of the legend.
    """

    chosen = Signal(int)
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictureView")
        self.setAccessibleName(self.tr("Drawing of the network"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(80, 60)
        self._draft: Draft | None = None
        self._letters: Letters | None = None
        self.drawing: Drawing | None = None
        self.row = -1
        self.camera = Camera()
        self.tiles = Tiles()
        self.pointed: Callable[[Node], str] = _nothing
        self.words = Words()
        self._parts: Legend | None = None
        self._levels: Levels = {}
        self._names, self._joint_names = Names(), Names()
        self._joint_areas: list[QRectF] = []
        self._fitting = _LEGIBLY
        self._text = fonts.scale()
        self._pressed: QPointF | None = None
        self._dragging = False
        self._hovered = -1
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.update)

    # --- What is shown ----------------------------------------------------------------------------------------

    def show_network(self, draft: Draft | None) -> None:
        """Exchange the network; the part that is seen stays if it was chosen by hand."""
        self._draft, self._letters = draft, None
        if draft is None:
            self.drawing = None
            self.update()
        elif self._fitting == _BY_HAND and self.drawing is not None:
            self._arrange(self._sizes().letters_by_hand(self.camera.scale))
        else:
            self._fitting = _LEGIBLY if self._fitting == _BY_HAND else self._fitting
            self._fit_again()

    def _arrange(self, letters: Letters) -> Drawing:
        """Draw the network with these letters."""
        assert self._draft is not None
        self.update()
        if self.drawing is not None and letters == self._letters:
            return self.drawing
        self._letters = letters
        drawing = self.drawing = self._draft.arranged(letters)
        self._parts = legend_of_parts(drawing, self.words)
        self._names = self._names.following([_content(node, drawing) for node in drawing.nodes])
        self._joint_names = self._joint_names.following(drawing.joints)
        self._joint_areas = [_area(joint) for joint in drawing.joints]
        return drawing

    def show_levels(self, levels: Levels) -> None:
        """Exchange the strengths of links and cells; none before the first training."""
        if levels != self._levels:
            self._levels = dict(levels)
            self.update()

    @property
    def coloured(self) -> bool:
        """Whether links or cells have the colours of weights."""
        return bool(self._levels)

    def select(self, row: int) -> None:
        """Outline a node, and have it seen."""
        if row != self.row:
            self.row = row
            node = self.node(row)
            if node is not None:
                self.camera = shifted(self.camera, self.width(), (node.left, node.right))
            self.update()

    def node(self, row: int) -> Node | None:
        """Return the node of a row, if there is one."""
        nodes = self.drawing.nodes if self.drawing is not None else ()
        return nodes[row] if 0 <= row < len(nodes) else None

    # --- Which part -------------------------------------------------------------------------------------------

    def _sizes(self) -> Sizes:
        assert self._draft is not None
        view, whole = (self.width(), self.height()), self._fitting == _WHOLE
        return Sizes(self._draft, view, self._text, text_width, all_of_it=whole)

    def fit(self) -> None:
        """Show the whole network, however small."""
        if self._draft is not None:
            self._fitting = _WHOLE
            self._fit_again()

    def fit_text(self) -> None:
        """Follow the size of text; with another one, what was chosen by hand is no longer where it was."""
        if self._text != fonts.scale():
            self._text = fonts.scale()
            self._fitting = _LEGIBLY if self._fitting == _BY_HAND else self._fitting
            self._fit_again()

    def _fit_again(self) -> None:
        """Network or room are others: choose the part that is seen anew, unless the person has chosen one."""
        if self._draft is None or self._fitting == _BY_HAND:
            return
        sizes = self._sizes()
        scale = sizes.legible() if self._fitting == _LEGIBLY else sizes.whole()
        drawing = self._arrange(sizes.letters(scale))
        self.camera = centred(scale, (drawing.width, drawing.height), drawing.top, (self.width(), self.height()))
        node = self.node(self.row)
        if node is not None:
            self.camera = shifted(self.camera, self.width(), (node.left, node.right))

    def zoom(self, factor: float, center: QPointF | None = None) -> None:
        """Make the picture larger or smaller around a pixel, or around its middle."""
        if self.drawing is None:
            return
        at, sizes, before = center or QPointF(self.rect().center()), self._sizes(), self.drawing
        self.camera = self.camera.zoomed(factor, at.x(), at.y(), 0.5 * sizes.whole())
        # With letters of another size, the layer under the mouse stands elsewhere in the drawing.
        x, _ = self.camera.to_drawing(at.x(), at.y())
        place = before.same_place(x, self._arrange(sizes.letters_by_hand(self.camera.scale)))
        self.camera = self.camera.moved((x - place) * self.camera.scale, 0.0)
        self._fitting = _BY_HAND

    def place_of(self, row: int) -> QPoint:
        """Return the pixel in the middle of a node's glyph."""
        node = self.node(row)
        assert node is not None
        return QPoint(round(node.x * self.camera.scale + self.camera.left), round(self.camera.top))

    # --- Painting ---------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        drawing, camera = self.drawing, self.camera
        if drawing is None:
            return
        left, _ = camera.to_drawing(0, 0)
        right, _ = camera.to_drawing(self.width(), 0)
        self._paint_marks(painter, drawing)
        self.tiles.begin()
        seen = [node for node in drawing.nodes if node.right >= left and node.left <= right]
        for node in seen:
            self._paint_node(painter, drawing, node)
        first = seen[0].row if seen else 0
        for node in drawing.nodes[max(1, first) : first + len(seen) + 1]:
            self._paint_joint(painter, drawing.joints[node.row - 1], node)
        self._paint_edges(painter, drawing)
        self._paint_parts(painter, drawing)
        painter.end()
        if self.tiles.behind:
            self._again.start(0)

    def _paint_marks(self, painter: QPainter, drawing: Drawing) -> None:
        """Paint what is under the mouse, and the outline of the chosen node."""
        tokens, scale = current().tokens, self.camera.scale
        for row in {self._hovered, self.row}:
            node = self.node(row)
            if node is None:
                continue
            top, bottom = drawing.top - 8, drawing.bottom + 6
            box = QRectF(node.left * scale, top * scale, node.width * scale, (bottom - top) * scale)
            box.translate(self.camera.left, self.camera.top)
            if row == self.row:
                shade = blend(tokens.accent, tokens.panel, 0.1)
                fill(painter, box, 8, shade, tokens.accent, 3 if self.hasFocus() else 1.5)
            else:
                fill(painter, box, 8, tokens.raised)

    def _paint_edges(self, painter: QPainter, drawing: Drawing) -> None:
        """Where the drawing goes on beyond the view, let it fade out, and point there."""
        colour = QColor(current().tokens.panel)
        clear = QColor(colour)
        clear.setAlpha(0)
        left, right = self.camera.left, self.camera.left + drawing.width * self.camera.scale
        y = self.height() / 2
        for hidden, edge, way in ((left < 0, 0.0, 1.0), (right > self.width(), float(self.width()), -1.0)):
            if not hidden:
                continue
            shade = QLinearGradient(edge, 0, edge + way * _FADE, 0)
            shade.setColorAt(0, colour)
            shade.setColorAt(0.4, colour)
            shade.setColorAt(1, clear)
            painter.fillRect(QRectF(min(edge, edge + way * _FADE), 0, _FADE, self.height()), shade)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(current().tokens.dim), 2))
            tip = QPointF(edge + way * 5, y)
            painter.drawPolyline(QPolygonF([tip + QPointF(way * 5, -6), tip, tip + QPointF(way * 5, 6)]))

    def _paint_parts(self, painter: QPainter, drawing: Drawing) -> None:
        """Say what is not drawn, if there is room below the drawing; the panel's header has the rest of the legend."""
        assert self._parts is not None
        scale = fonts.scale()
        top = self.height() - MARGIN - self._parts.height * scale
        below = drawing.bottom * self.camera.scale + self.camera.top + MARGIN
        if below <= top and self._parts.width * scale <= self.width() - 2 * MARGIN:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(MARGIN, top)
            painter.scale(scale, scale)
            paint_legend(painter, self._parts, current().tokens)

    def _paint_node(self, painter: QPainter, drawing: Drawing, node: Node) -> None:
        tokens, scale = current().tokens, self.camera.scale
        cells = node.glyph.cells
        levels = self._levels.get((node.row - 1, cells.weight)) if cells is not None else None

        def paint(made: QPainter) -> None:
            paint_glyph(made, node, tokens, levels)
            paint_labels(made, node, drawing, tokens, scale)

        area = QRectF(-node.width / 2, drawing.top - _PAD, node.width, drawing.height + 2 * _PAD)
        content = "node", self._names[node.row], levels
        self._draw(painter, node, area, ("node", node.row), content, paint)

    def _paint_joint(self, painter: QPainter, joint: Joint, node: Node) -> None:
        tokens = current().tokens
        weight = joint.weight if joint.kind == WEIGHTS else joint.cells.weight if joint.cells is not None else ""
        levels = self._levels.get((node.row - 1, weight))

        def paint(made: QPainter) -> None:
            paint_joint(made, joint, tokens, levels)

        content = "joint", self._joint_names[node.row - 1], levels
        self._draw(painter, node, self._joint_areas[node.row - 1], ("joint", node.row), content, paint)

    def _draw(
        self, painter: QPainter, node: Node, area: QRectF, place: Hashable, content: Hashable, paint: Paint
    ) -> None:
        ratio = self.devicePixelRatioF()
        x, y = node.x * self.camera.scale + self.camera.left, self.camera.top
        painter.save()
        # Whole pixels of the screen keep the painted pieces sharp.
        painter.translate(round(x * ratio) / ratio, round(y * ratio) / ratio)
        self.tiles.draw(painter, area, self.camera.scale, place, content, paint)
        painter.restore()

    def whole(self) -> Whole:
        """Return all of the network as it is now, lettered as the design is, for files."""
        return Whole(self._draft.arranged() if self._draft is not None else None, self._levels, self.words)

    # --- Mouse ------------------------------------------------------------------------------------------------

    def _row_at(self, place: QPointF) -> int:
        x, y = self.camera.to_drawing(place.x(), place.y())
        drawing = self.drawing
        if drawing is None or not drawing.top - 8 <= y <= drawing.bottom + 6:
            return -1
        node = drawing.at(x)
        return node.row if node is not None else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            way = event.position() - self._pressed
            if self._dragging or way.manhattanLength() >= QApplication.startDragDistance():
                self._dragging, self._fitting = True, _BY_HAND
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.camera = self.camera.moved(way.x(), way.y())
                self._pressed = event.position()
                self.update()
        self._hover(self._row_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            row = self._row_at(event.position())
            if not self._dragging and row >= 0:
                self.chosen.emit(row)
            self._pressed, self._dragging = None, False
            self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if notches:
            self.zoom(_NOTCH**notches, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            node = self.node(self._row_at(QPointF(event.pos())))
            if node is not None:
                QToolTip.showText(event.globalPos(), self.pointed(node), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    # --- Keyboard, room ---------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self.drawing.nodes) - 1 if self.drawing is not None else -1
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        goals = {
            Qt.Key.Key_Left: max(0, self.row - 1),
            Qt.Key.Key_Right: min(last, self.row + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if not plain or last < 0:
            event.ignore()
        elif key in goals and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.chosen.emit(goals[key])
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_NOTCH)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _NOTCH)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            event.ignore()  # in the window, Space steers the training

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_again()

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()


def _area(joint: Joint) -> QRectF:
    """Return what a joint covers, from the centre of the node it leads to."""
    xs = [x for line in joint.lines for x in line[::2]]
    ys = [y for line in joint.lines for y in line[1::2]]
    for box in joint.cells.boxes if joint.cells is not None else ():
        xs += [box.x, box.x + box.width]
        ys += [box.y, box.y + box.height]
    if not xs:
        return QRectF(0, 0, 1, 1)
    room = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    return room.adjusted(-_PAD, -2 * _PAD, _PAD, 2 * _PAD)


def _content(node: Node, drawing: Drawing) -> Hashable:
    return node.glyph, node.lines, node.family, bool(node.problem), node.width, drawing.labels, drawing.line


def _nothing(node: Node) -> str:
    return ""
